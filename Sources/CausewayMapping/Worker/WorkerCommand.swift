/// What is started for a worker.
struct WorkerCommand: Sendable {
    let host: MappingHost

    /// Reads its program from standard input: nothing of ours needs to be readable to the user that it runs as.
    private static let bootstrap = """
        import os, sys, json
        n = int.from_bytes(os.read(0, 4), "big")
        b = b""
        while len(b) < n: b += os.read(0, n - len(b))
        for name, source in json.loads(b):
            sys.modules[name] = module = type(sys)(name)
            exec(compile(source, name + ".py", "exec"), module.__dict__)
        """

    /// The launcher that takes every right away, and what it starts.
    var arguments: [String] {
        [host.launcher, "--memory", "\(host.limits.memory)", "--cpu", "\(host.limits.processorSeconds)"]
            + (host.sandbox == .available ? ["--layers", "available"] : [])
            + ["--", host.python.path, "-I", "-S", "-c", Self.bootstrap]
    }
}
