import CausewayModel

/// The content of a cell without what programs add to texts. Pure.
enum CellText: Equatable {
    case text(String)
    /// A formula, which a spreadsheet would compute.
    case formula
    /// PowerShell's name of a type instead of the values of a list.
    case typeName

    init(_ field: String) {
        if let first = field.utf8.first, Self.signs.contains(first) {
            self = Self.special(field, first)
        } else {
            self = .text(field)
        }
    }

    /// The possible first letters of anything special, so that most cells need one comparison.
    private static let signs = Set("=+-@'SMX".utf8)

    private static func special(_ field: String, _ first: UInt8) -> CellText {
        switch first {
        case UInt8(ascii: "="):
            // How numbers with leading zeros survive a spreadsheet: ="00123".
            let quoted = field.hasPrefix("=\"") && field.hasSuffix("\"") && field.utf8.count > 2
            let inner = field.dropFirst(2).dropLast()
            return quoted && !inner.contains("\"") ? .text(String(inner)) : .formula
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"):
            // A number may begin like this; a function is letters before a bracket.
            let name = field.dropFirst().prefix { $0.isLetter || $0 == "." }
            return !name.isEmpty && field[name.endIndex...].hasPrefix("(") ? .formula : .text(field)
        case UInt8(ascii: "'"): return .text(CSVText.plain(field))
        case UInt8(ascii: "X"):
            // Bytes, as csvde writes them: of no use to mappings.
            let isBytes =
                field.hasPrefix("X'") && field.hasSuffix("'") && field.dropFirst(2).dropLast().allSatisfy(\.isHexDigit)
            return .text(isBytes ? "" : field)
        default: return types.contains(where: field.hasPrefix) ? .typeName : .text(field)
        }
    }

    private static let types = [
        "System.Collections.", "System.Object[]", "System.String[]", "System.Byte[]", "Microsoft.ActiveDirectory.",
        "Microsoft.Graph.PowerShell.", "Microsoft.Exchange.", "Microsoft.Online.", "Microsoft.Open.",
    ]
}
