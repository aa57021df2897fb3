package import Foundation

/// The Python tools that are installed for the tests.
package enum PythonTools {
    /// `.build/python`, which `make test` fills first.
    package static var python: URL {
        get throws {
            var folder = Program.url.deletingLastPathComponent()
            while folder.path != "/" {
                let python = folder.appending(path: "python/bin/python")
                if FileManager.default.isExecutableFile(atPath: python.path) { return python }
                folder.deleteLastPathComponent()
            }
            throw Missing()
        }
    }

    package struct Missing: Error, CustomStringConvertible {
        package let description = "The Python tools of the tests are missing; run: make test"
    }
}
