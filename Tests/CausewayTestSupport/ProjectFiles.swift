package import Foundation

/// The files of the project that a test reads as they are: documents, samples, sources.
package enum ProjectFiles {
    /// The folder of `Package.swift`.
    package static let root: URL = {
        var folder = URL(filePath: #filePath)
        while !FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path), folder.path != "/"
        {
            folder.deleteLastPathComponent()
        }
        return folder
    }()

    /// - Parameter path: from the project's folder.
    package static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
}
