import CausewayJSON
import Foundation

/// The built program at a terminal of its own: a pseudo-terminal of Python's `pty`, at which keys are pressed.
package struct TerminalProgram {
    /// A key that is pressed once the terminal shows a text; Ctrl-C is U+0003.
    package struct Key {
        let text: String
        let after: String

        package init(_ text: String, after: String) { (self.text, self.after) = (text, after) }

        package static func interrupt(after: String) -> Key { Key("\u{3}", after: after) }
    }

    /// The exit status; negative if a signal ended the program.
    package let status: Int
    /// What the terminal shows, with its control characters.
    package let output: String

    private static let script = """
        import fcntl, json, os, pty, signal, struct, sys, termios
        told = json.loads(sys.argv[1])
        process, terminal = pty.fork()
        if process == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, told["columns"], 0, 0))
            os.execve(told["arguments"][0], told["arguments"], told["environment"])
        shown, isOpen = b"", True
        # A text that never appears must not keep the test waiting.
        signal.signal(signal.SIGALRM, lambda *_: os.kill(process, signal.SIGKILL))
        signal.alarm(120)
        keys = told["keys"]
        while isOpen:
            while keys and keys[0]["after"].encode() in shown:
                os.write(terminal, keys.pop(0)["text"].encode())
            try:
                piece = os.read(terminal, 65536)
            except OSError:
                piece = b""
            isOpen, shown = piece != b"", shown + piece
        status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        print(json.dumps({"status": status, "output": shown.decode("utf-8", "replace"), "left": len(keys)}))
        """

    /// Runs a command and waits for its end.
    ///
    /// - Throws: ``NotShown`` if a text did not appear.
    package static func run(
        _ arguments: [String],
        columns: Int = 80,
        environment: [String: String] = [:],
        keys: [Key] = []
    ) async throws -> TerminalProgram {
        let all = ["PATH": "/usr/bin:/bin", "HOME": NSTemporaryDirectory(), "NO_COLOR": "1"]
            .merging(try await TestDatabase.environment(of: arguments)) { $1 }
            .merging(environment) { $1 }
        let told: JSONValue = [
            "arguments": JSONValue([Program.url.path] + arguments), "columns": .integer(Int64(columns)),
            "environment": .object(all.mapValues { .string($0) }),
            "keys": .array(keys.map { ["text": .string($0.text), "after": .string($0.after)] }),
        ]
        let run = try await Program.run(["-c", script, told.text], at: URL(filePath: "/usr/bin/python3"))
        let answer = try run.json
        guard let status = answer["status"]?.integer, answer["left"] == 0 else {
            throw NotShown(description: answer["output"]?.string ?? run.errors)
        }
        return TerminalProgram(status: Int(status), output: answer["output"]?.string ?? "")
    }

    /// A text that a key waits for did not appear; what was shown instead.
    package struct NotShown: Error, CustomStringConvertible {
        package let description: String
    }
}
