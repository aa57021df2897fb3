import Crypto
import Foundation

/// A file of SHA-1 hashes of passwords that became public, in the form of Have I Been Pwned: one hash a line in hexadecimal digits, in
/// ascending order, with a colon and a number behind it or not. It is searched where it is: it may have 40 GB.
///
/// https://haveibeenpwned.com/Passwords
package struct BreachedPasswords: Sendable {
    private let path: String

    /// The digits of a hash.
    private static let digits = 40
    /// More than two lines have, so that a piece from anywhere in the file contains a whole one.
    private static let pieceSize = 256
    /// How many lines are compared when the file is opened.
    private static let samples = 64

    /// Checks a sample of the lines: their form and their order.
    ///
    /// - Throws: ``BreachedPasswordsError``.
    package init(path: String) throws {
        self.path = path
        let file = try SortedHashes(path: path)
        var last = ""
        for number in 0..<UInt64(Self.samples) {
            guard let line = try file.line(from: file.size / UInt64(Self.samples) * number) else { break }
            guard last <= line.hash else { throw BreachedPasswordsError(path, "is not sorted by its hashes") }
            last = line.hash
        }
        guard !last.isEmpty else { throw BreachedPasswordsError(path, "is empty") }
    }

    /// Whether the list has a password; about 35 reads of 256 bytes in the largest list.
    ///
    /// - Throws: ``BreachedPasswordsError`` if the list cannot be read.
    func contains(_ password: String) throws -> Bool {
        let wanted = Insecure.SHA1.hash(data: Data(password.utf8)).map { String(format: "%02X", $0) }.joined()
        let file = try SortedHashes(path: path)
        // The line, if there is one, begins in low..<high.
        var (low, high) = (UInt64(0), file.size)
        while low < high {
            let middle = low + (high - low) / 2
            guard let line = try file.line(from: middle), line.start < high else {
                high = middle
                continue
            }
            if line.hash == wanted { return true }
            if line.hash < wanted { low = line.end } else { high = middle }
        }
        return false
    }

    /// The file, open.
    private struct SortedHashes {
        let path: String
        let size: UInt64
        private let handle: FileHandle

        init(path: String) throws {
            guard let handle = FileHandle(forReadingAtPath: path), let size = try? handle.seekToEnd() else {
                throw BreachedPasswordsError(path, "cannot be read")
            }
            (self.path, self.handle, self.size) = (path, handle, size)
        }

        struct Line {
            let start: UInt64
            /// Where the next line begins.
            let end: UInt64
            /// In upper case.
            let hash: String
        }

        /// The first line that begins at a position or behind it; nil for none.
        func line(from position: UInt64) throws -> Line? {
            // A line begins at the position itself if the byte before it ends one.
            let origin = position == 0 ? 0 : position - 1
            let piece = try read(at: origin)
            var start = piece.startIndex
            if position > 0 {
                guard let end = piece.firstIndex(of: 10) else { return try none(piece, at: origin) }
                start = end + 1
            }
            guard start < piece.endIndex else { return try none(piece, at: origin) }
            let line = piece[start...].prefix { $0 != 10 }
            let (hash, rest) = (line.prefix(digits), line.dropFirst(digits))
            let isHash = hash.count == digits && hash.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
            guard isHash, rest.isEmpty || rest.first == UInt8(ascii: ":") || rest.first == 13 else {
                throw BreachedPasswordsError(path, "has no SHA-1 hash in the line at byte \(origin + UInt64(start))")
            }
            return Line(
                start: origin + UInt64(start),
                end: min(origin + UInt64(line.endIndex) + 1, size),
                hash: String(decoding: hash, as: UTF8.self).uppercased()
            )
        }

        /// Nothing follows at the end of the file; elsewhere the line is too long for a hash.
        private func none(_ piece: [UInt8], at origin: UInt64) throws -> Line? {
            guard origin + UInt64(piece.count) < size else { return nil }
            throw BreachedPasswordsError(path, "has no SHA-1 hash in the line at byte \(origin)")
        }

        private func read(at position: UInt64) throws -> [UInt8] {
            do {
                try handle.seek(toOffset: position)
                return Array(try handle.read(upToCount: pieceSize) ?? Data())
            } catch {
                throw BreachedPasswordsError(path, "cannot be read (\(error))")
            }
        }
    }
}

/// Why a list of breached passwords cannot be used.
package struct BreachedPasswordsError: Error, Equatable, CustomStringConvertible {
    package let description: String

    fileprivate init(_ path: String, _ reason: String) { description = "the file \(path) \(reason)" }
}
