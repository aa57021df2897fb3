/// A row of a file of users that is not a user. Pure.
enum StrayRow {
    case example, total, header

    /// - Parameters:
    ///   - fields: the texts of the row.
    ///   - header: the names of the columns, folded.
    ///   - names: the row's user name, address and name.
    init?(_ fields: [String], header: [String], names: [String]) {
        if Self.isExample(fields, names) {
            self = .example
        } else if Self.isTotal(fields) {
            self = .total
        } else if Self.isHeader(fields, header) {
            self = .header
        } else {
            return nil
        }
    }

    /// The users of Microsoft's templates and of the accompanying sample files.
    private static let examples: [String: String] = [
        "chris@contoso.com": "chris green", "ben@contoso.com": "ben andrews", "david@contoso.com": "david longmuir",
        "cynthia@contoso.com": "cynthia carey", "melissa@contoso.com": "melissa macbeth",
    ]

    private static func isExample(_ fields: [String], _ names: [String]) -> Bool {
        let names = names.map { $0.lowercased() }
        if names.contains(where: { $0.hasPrefix("example:") }) { return true }
        return names.contains { examples[$0].map(names.contains) == true }
    }

    private static let totals: Set = [
        "total", "totals", "grandtotal", "subtotal", "sum", "summe", "gesamt", "gesamtsumme", "anzahl", "count",
        "totalusers", "totalcount", "usercount", "totalrows", "rows", "records",
    ]

    /// `Total: 2000`, and otherwise only numbers.
    private static func isTotal(_ fields: [String]) -> Bool {
        let filled = fields.filter { !$0.isEmpty }
        guard let first = filled.first, totals.contains(first.lowercased().filter(\.isLetter)) else { return false }
        return filled.dropFirst().allSatisfy { $0.allSatisfy { $0.isNumber || $0.isPunctuation || $0 == " " } }
            && (filled.count > 1 || first.contains(where: \.isNumber) || fields.count > 2)
    }

    /// A second line of names: some systems write one for programs and one for people.
    private static func isHeader(_ fields: [String], _ header: [String]) -> Bool {
        guard let first = fields.first, let name = header.first else { return false }
        // One comparison excludes most rows.
        guard ColumnHeader.folded(first) == name else { return false }
        let filled = zip(fields, header).filter { !$0.0.isEmpty }
        return filled.count > 1 && filled.count(where: { ColumnHeader.folded($0.0) == $0.1 }) * 2 > filled.count
    }
}

extension StrayRow {
    var warning: ImportWarning.Kind {
        switch self {
        case .example: .exampleRow
        case .total: .totalRow
        case .header: .headerRow
        }
    }
}
