import Foundation

/// A file that cannot be imported at all, in one sentence that says what to do.
package struct ImportFileError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// The encoding of a file.
enum TextEncoding: Equatable {
    case utf8
    /// UTF-16 with a mark, as PowerShell's `-Encoding Unicode` and Excel's "Unicode Text" write it; read as UTF-8 piece by piece.
    case utf16(isBigEndian: Bool)
    /// Windows-1252, a superset of Latin-1: what older versions of Excel and HR systems write.
    case windows1252

    func text(_ bytes: some Collection<UInt8>) -> String {
        switch self {
        case .utf8, .utf16: String(decoding: bytes, as: UTF8.self)
        case .windows1252: String(String.UnicodeScalarView(bytes.map(Self.scalar)))
        }
    }

    private static func scalar(_ byte: UInt8) -> Unicode.Scalar {
        (0x80...0x9F).contains(byte) ? upper[Int(byte - 0x80)] : Unicode.Scalar(byte)
    }

    /// The 32 places where Windows-1252 differs from Latin-1.
    private static let upper: [Unicode.Scalar] = Array(
        "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ".unicodeScalars
    )
}

/// A text file that is read in pieces, line by line, whatever its size.
struct TextFile {
    let path: String
    let encoding: TextEncoding
    private let handle: FileHandle
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    private var lineNumber = 0
    private var transcoder: UTF16Transcoder?

    private static let pieceSize = 256 * 1024
    private static let longestLine = 1 << 20

    /// Opens a file and detects its encoding by reading all of it.
    ///
    /// - Throws: ``ImportFileError``.
    init(path: String) throws {
        self.path = path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ImportFileError("There is no file \(path).")
        }
        guard !isFolder.boolValue else { throw ImportFileError("\(path) is a folder; choose a CSV file.") }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw ImportFileError("The file \(path) cannot be read; check its permissions.")
        }
        self.handle = handle
        encoding = try Self.encoding(of: handle, path)
        if case .utf16(let isBigEndian) = encoding { transcoder = UTF16Transcoder(isBigEndian: isBigEndian) }
        try handle.seek(toOffset: 0)
        try fill()
        if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    private static func encoding(of handle: FileHandle, _ path: String) throws -> TextEncoding {
        var check = UTF8Check()
        var isFirst = true
        while let piece = try handle.read(upToCount: pieceSize), !piece.isEmpty {
            if isFirst, piece.starts(with: [0xFF, 0xFE]) { return .utf16(isBigEndian: false) }
            if isFirst, piece.starts(with: [0xFE, 0xFF]) { return .utf16(isBigEndian: true) }
            isFirst = false
            guard !piece.contains(0) else { throw ImportFileError("\(path) is not a text file; choose a CSV file.") }
            check.feed(piece)
        }
        guard !isFirst else { throw ImportFileError("\(path) is empty.") }
        return check.isValid ? .utf8 : .windows1252
    }

    /// The next line without its end, which may be LF, CRLF or CR; nil at the end of the file.
    ///
    /// - Throws: ``ImportFileError`` for a line that is too long.
    mutating func nextLine() throws -> (number: Int, bytes: ArraySlice<UInt8>)? {
        var scanned = position
        while true {
            if let end = buffer[scanned...].firstIndex(where: { $0 == 10 || $0 == 13 }) {
                // Whether a line feed follows the carriage return may be in the next piece.
                if buffer[end] == 13, end + 1 == buffer.count, !isAtEnd {
                    let length = end - position
                    try refill()
                    scanned = position + length
                    continue
                }
                let isPair = buffer[end] == 13 && end + 1 < buffer.count && buffer[end + 1] == 10
                defer { position = end + (isPair ? 2 : 1) }
                lineNumber += 1
                return (lineNumber, buffer[position..<end])
            }
            if isAtEnd {
                guard position < buffer.count else { return nil }
                defer { position = buffer.count }
                lineNumber += 1
                return (lineNumber, buffer[position...])
            }
            let length = buffer.count - position
            guard length < Self.longestLine else {
                throw ImportFileError("Line \(lineNumber + 1) of \(path) is longer than 1 MB; this is not a CSV file.")
            }
            try refill()
            scanned = position + length
        }
    }

    private mutating func refill() throws {
        buffer.removeSubrange(..<position)
        position = 0
        try fill()
    }

    private mutating func fill() throws {
        if let piece = try handle.read(upToCount: Self.pieceSize), !piece.isEmpty {
            if transcoder == nil {
                buffer.append(contentsOf: piece)
            } else {
                transcoder?.append(piece, to: &buffer)
            }
        } else {
            isAtEnd = true
        }
    }
}

/// Turns UTF-16 (RFC 2781) into UTF-8, piece by piece.
struct UTF16Transcoder {
    private let isBigEndian: Bool
    /// The first byte of a unit whose second is in the next piece.
    private var half: UInt8?
    /// The first unit of a pair whose second is in the next piece.
    private var high: UInt16?

    init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

    mutating func append(_ piece: some Sequence<UInt8>, to output: inout [UInt8]) {
        var units: [UInt16] = []
        if let high { units.append(high) }
        high = nil
        for byte in piece {
            if let first = half {
                units.append(isBigEndian ? UInt16(first) << 8 | UInt16(byte) : UInt16(byte) << 8 | UInt16(first))
                half = nil
            } else {
                half = byte
            }
        }
        if let last = units.last, UTF16.isLeadSurrogate(last) { high = units.removeLast() }
        // The mark is an ordinary letter here, and handled as in UTF-8.
        output.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
    }
}

/// Checks that bytes are UTF-8 (RFC 3629), piece by piece.
struct UTF8Check {
    private(set) var isValid = true
    private var missing = 0
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF

    mutating func feed(_ bytes: some Sequence<UInt8>) {
        for byte in bytes where isValid { feed(byte) }
    }

    private mutating func feed(_ byte: UInt8) {
        if missing > 0 {
            isValid = byte >= lowest && byte <= highest
            (missing, lowest, highest) = (missing - 1, 0x80, 0xBF)
            return
        }
        switch byte {
        case 0x00...0x7F: break
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, lowest) = (2, 0xA0)
        case 0xED: (missing, highest) = (2, 0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, lowest) = (3, 0x90)
        case 0xF1...0xF3: missing = 3
        case 0xF4: (missing, highest) = (3, 0x8F)
        default: isValid = false
        }
    }
}
