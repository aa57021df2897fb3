import Foundation

/// The project's documentation.
enum Documentation {
    /// - Parameter path: from the project's folder.
    static func text(_ path: String) throws -> String {
        var folder = URL(filePath: #filePath)
        while !FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) {
            folder.deleteLastPathComponent()
        }
        return try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    }
}
