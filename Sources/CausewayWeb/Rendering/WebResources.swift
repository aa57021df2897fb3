import CausewayInstallation
import Foundation

/// The folder of templates, texts and assets that comes with the program.
struct WebResources: Sendable {
    let folder: URL

    /// - Throws: ``WebInterfaceError`` if it is missing.
    static func find() throws -> WebResources {
        let folder = Installation.resources(of: "CausewayWeb")
        guard FileManager.default.fileExists(atPath: folder.path) else {
            throw WebInterfaceError("\(folder.path) is missing; install the program again")
        }
        return WebResources(folder: folder)
    }

    func files(in name: String) throws -> [String: [UInt8]] {
        let folder = folder.appending(path: name)
        var files: [String: [UInt8]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            files[name] = Array(try Data(contentsOf: folder.appending(path: name)))
        }
        return files
    }
}

/// Why the interface cannot be served.
package struct WebInterfaceError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
