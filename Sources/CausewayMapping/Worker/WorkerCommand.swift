import Foundation

/// What is started for a worker.
struct WorkerCommand: Sendable {
    let environment: MappingEnvironment

    /// Reads its program from standard input: the user that it runs as needs no access to Causeway's files.
    ///
    /// The launcher sets the whole environment, so the interpreter may read its variables; modules are not looked for in the working
    /// folder.
    private static let bootstrap = """
        import sys
        sys.path[:] = filter(None, sys.path)
        import os, json
        def read(n):
            b = b""
            while len(b) < n: b += os.read(0, n - len(b)) or sys.exit()
            return b
        for name, source in json.loads(read(int.from_bytes(read(4), "big"))):
            sys.modules[name] = module = type(sys)(name)
            exec(compile(source, name + ".py", "exec"), module.__dict__)
        """

    /// The launcher that takes all rights away, and what it starts.
    var arguments: [String] {
        [
            environment.launcher, "--memory", "\(environment.limits.memory)", "--cpu",
            "\(environment.limits.processorSeconds)",
        ]
            + ["--parent", "\(ProcessInfo.processInfo.processIdentifier)"]
            + (environment.sandbox == .available ? ["--layers", "available"] : [])
            + ["--", environment.python.path, "-s", "-S", "-c", Self.bootstrap]
    }
}
