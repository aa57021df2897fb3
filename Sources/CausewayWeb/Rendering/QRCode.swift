import CQRCode

/// A text as a QR code (ISO/IEC 18004), for a phone to scan from the screen.
struct QRCode: Sendable {
    /// Rows of modules from the top down, true for dark ones.
    let rows: [[Bool]]

    /// The light margin, as the standard requires it.
    private static let margin = 4

    /// - Returns: nil if the text is too long for any code, or contains a zero.
    init?(_ text: String) {
        guard !text.utf8.contains(0) else { return nil }
        var work = [UInt8](repeating: 0, count: Self.bufferSize)
        var code = work
        let fits = qrcodegen_encodeText(
            text,
            &work,
            &code,
            qrcodegen_Ecc_MEDIUM,
            qrcodegen_VERSION_MIN,
            qrcodegen_VERSION_MAX,
            qrcodegen_Mask_AUTO,
            true
        )
        guard fits else { return nil }
        let side = qrcodegen_getSize(code)
        rows = (0..<side).map { y in (0..<side).map { x in qrcodegen_getModule(code, x, y) } }
    }

    /// The size of the largest code.
    private static var bufferSize: Int {
        let side = Int(qrcodegen_VERSION_MAX) * 4 + 17
        return (side * side + 7) / 8 + 1
    }

    /// A square with one line for each row of adjacent dark modules.
    struct Drawing: TemplateValue {
        let side: Int
        let path: String
    }

    var drawing: Drawing {
        Drawing(side: rows.count + 2 * Self.margin, path: rows.enumerated().map(Self.path).joined())
    }

    private static func path(y: Int, row: [Bool]) -> String {
        var (path, x) = ("", 0)
        while x < row.count {
            let run = row[x...].prefix { $0 == row[x] }.count
            if row[x] { path += "M\(x + margin) \(y + margin)h\(run)v1h-\(run)z" }
            x += run
        }
        return path
    }
}
