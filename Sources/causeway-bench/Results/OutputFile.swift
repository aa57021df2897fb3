import Foundation

/// A file that a command writes.
enum OutputFile {
    /// Makes the file's folder if it is missing.
    ///
    /// - Throws: ``BenchError`` if the file cannot be written.
    static func write(_ text: String, to path: String) throws {
        let url = URL(filePath: path)
        do {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: url)
        } catch { throw BenchError("\(path) cannot be written: \(error.localizedDescription)") }
    }
}
