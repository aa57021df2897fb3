import Foundation

/// A CPython interpreter that can run mappings.
package struct PythonInterpreter: Hashable, Sendable {
    /// The real file, not a link.
    package let path: String

    private static let names = ["python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python3.9"]

    /// Finds the system's interpreter: the given one, or `python3` in the system's own folders. Interpreters in people's home
    /// folders do not count, because the user that runs mappings may not be able to read them.
    ///
    /// - Throws: ``MappingEnvironmentError`` that says how to get one.
    package static func find(_ given: String? = nil) throws(MappingEnvironmentError) -> PythonInterpreter {
        let candidates =
            given.map { [$0] } ?? ["/usr/bin/python3"] + names.flatMap { ["/usr/bin/\($0)", "/usr/local/bin/\($0)"] }
        for candidate in candidates where FileManager.default.isExecutableFile(atPath: candidate) {
            let path = URL(filePath: candidate).resolvingSymlinksInPath().path
            if isRecent(path) { return PythonInterpreter(path: path) }
        }
        throw MappingEnvironmentError(
            given.map { "'\($0)' is not Python 3.9 or newer; leave the setting out to use the system's own." }
                ?? "Python 3.9 or newer is not installed; install it with: sudo apt-get install --yes python3-minimal"
        )
    }

    /// Whether the file's name gives a version from 3.9 on; on Debian, `python3` itself always leads to such a name.
    private static func isRecent(_ path: String) -> Bool {
        let name = URL(filePath: path).lastPathComponent
        guard name.hasPrefix("python3.") else { return name == "python3" }
        return (Int(name.dropFirst("python3.".count)) ?? 0) >= 9
    }
}

/// Mappings cannot be evaluated at all, for a reason outside the objects.
package struct MappingEnvironmentError: Error, Equatable, CustomStringConvertible {
    /// What is wrong and what to do about it.
    package let description: String

    package init(_ description: String) { self.description = description }

    /// The system has no more of what a process needs.
    static func noProcess(_ words: String) -> MappingEnvironmentError {
        MappingEnvironmentError(
            "No process can be started for mappings: \(words). Raise the limits of the server's user (open files, processes), "
                + "or stop other programs of that user."
        )
    }
}
