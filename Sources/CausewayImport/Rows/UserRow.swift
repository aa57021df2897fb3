package import CausewayJSON
package import CausewayModel

/// What one line says about a user. What a line leaves empty stays as it is.
package struct UserRow: Hashable, Sendable {
    package let line: Int
    package let username: String
    /// Whether the line gives the user name as such, and not an address instead.
    package var isNamed = true
    package var email: String?
    package var name: String?
    package var isActive: Bool?
    package var type: UserType?
    package var path: String?
    package var attributes: [String: JSONValue] = [:]
    /// The names of groups; nil if there is no such column.
    package var groups: [String]?

    /// The profile that results when the line is applied to the present one.
    package func profile(over present: UserProfile?) -> UserProfile {
        var profile = present ?? UserProfile(username: username)
        if isNamed { profile.username = username }
        if let email { profile.email = email }
        if let name { profile.name = name }
        if let isActive { profile.isActive = isActive }
        if let type { profile.type = type }
        if let path { profile.path = path }
        profile.attributes.merge(attributes) { $1 }
        return profile
    }
}

/// Reads the lines of a file of users by the meaning of its columns.
struct UserRowReader {
    let map: ColumnMap
    private let header: [String]

    init(map: ColumnMap) {
        self.map = map
        header = map.columns.map { ColumnHeader.folded($0.header) }
    }

    /// The result of a line.
    enum Result {
        case row(UserRow)
        /// It is not a user, and is left out.
        case stray(StrayRow)
    }

    /// - Parameter warnings: receives what is unusual in it.
    /// - Throws: ``LineProblem`` that names the column; ``ImportFileError`` if the meaning of a column is unknown.
    func read(_ record: CSVRecord, warnings: inout WarningList) throws -> Result {
        var cells = Cells(record: record)
        let first = cells.text(map.readings[.username]) ?? cells.text(map.readings[.email]) ?? ""
        let email = cells.text(map.readings[.email])
        let name = cells.text(map.readings[.name])
        if let stray = StrayRow(record.fields, header: header, names: [first, email ?? "", name ?? ""]) {
            warnings.add(stray.warning, record.line, record.fields.first { !$0.isEmpty } ?? "")
            return .stray(stray)
        }
        guard !first.isEmpty else {
            throw LineProblem(line: record.line, reason: "user name and address are missing")
        }
        var row = UserRow(line: record.line, username: first)
        row.isNamed = cells.text(map.readings[.username]) != nil
        row.email = email ?? address(of: first, &cells)
        let (given, family) = (cells.text(map.readings[.firstName]), cells.text(map.readings[.lastName]))
        row.name = name ?? Self.joined(given, family)
        row.isActive = try activity(&cells)
        row.type = try map.format?.type ?? cells.text(map.readings[.type]).map { try Self.type($0, record.line) }
        row.path = cells.text(map.readings[.path])
        row.groups = map.readings[.groups].map { ListText.names(in: cells.text($0) ?? "").map(Self.groupName) }
        for (target, readings) in map.readings {
            if case .attribute(let key) = target, let text = cells.text(readings) {
                row.attributes[key] = .string(text)
            }
        }
        if let given { row.attributes["given_name"] = .string(given) }
        if let family { row.attributes["surname"] = .string(family) }
        warn(of: row, record, cells, &warnings)
        return .row(row)
    }

    /// A user principal name is an address if no other is given; that of a guest, which Entra made, is not.
    private func address(of username: String, _ cells: inout Cells) -> String? {
        guard username.contains("@") else { return nil }
        guard username.uppercased().contains("#EXT#") else { return username }
        return cells.text(map.readings[.attribute("other_mail")])
    }

    private func warn(of row: UserRow, _ record: CSVRecord, _ cells: Cells, _ warnings: inout WarningList) {
        if record.fields.count < header.count {
            warnings.add(.shortRow, row.line, "\(row.username): \(record.fields.count) of \(header.count)")
        }
        for index in cells.formulas {
            warnings.add(.formula, row.line, "\(row.username): \(map.columns[index].header)")
        }
        if cells.hasTypeNames { warnings.add(.typeName, row.line, row.username) }
        if map.format?.hasPrincipalNames == true, row.isNamed, !row.username.contains("@") {
            warnings.add(.notAddress, row.line, row.username)
        }
    }

    private static func joined(_ first: String?, _ last: String?) -> String? {
        let parts = [first, last].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    /// The first part of a name in Active Directory: `CN=Staff,OU=Groups` becomes `Staff`.
    private static func groupName(_ text: String) -> String {
        guard text.lowercased().hasPrefix("cn=") else { return text }
        var (name, isEscaped) = ("", false)
        for letter in text.dropFirst(3) {
            if isEscaped {
                name.append(letter)
                isEscaped = false
            } else if letter == "\\" {
                isEscaped = true
            } else if letter == "," {
                break
            } else {
                name.append(letter)
            }
        }
        return name.trimmed
    }

    private func activity(_ cells: inout Cells) throws -> Bool? {
        guard let (text, reading) = cells.first(map.readings[.isActive]) else { return nil }
        let column = map.columns[reading.index].header
        switch reading.target {
        case .accountControl:
            guard let flags = Int(text) else {
                throw LineProblem(line: cells.record.line, reason: "'\(text)' in '\(column)' is not a number")
            }
            return flags & 2 == 0
        case .isBlocked: return try StatusText.isActive(text, yes: false, map.format, column, cells.record.line)
        case .state: return try StatusText.isActive(text, yes: nil, map.format, column, cells.record.line)
        default: return try StatusText.isActive(text, yes: true, map.format, column, cells.record.line)
        }
    }

    private static func type(_ text: String, _ line: Int) throws(LineProblem) -> UserType {
        switch ColumnHeader.folded(text) {
        case "internal", "member", "employee", "user": return .internal
        case "external", "guest", "contractor": return .external
        case "serviceaccount", "service": return .serviceAccount
        case "internalserviceaccount": return .internalServiceAccount
        default:
            let known = UserType.allCases.map(\.rawValue).joined(separator: ", ")
            throw LineProblem(line: line, reason: "'\(text)' is not a type of user; known types: \(known)")
        }
    }
}

/// The cells of one line, by their columns; records cells that are not texts.
private struct Cells {
    let record: CSVRecord
    private(set) var formulas: [Int] = []
    private(set) var hasTypeNames = false

    init(record: CSVRecord) { self.record = record }

    /// The text of the first column that has one.
    mutating func text(_ readings: [ColumnMap.Reading]?) -> String? { first(readings)?.text }

    mutating func first(_ readings: [ColumnMap.Reading]?) -> (text: String, reading: ColumnMap.Reading)? {
        for reading in readings ?? [] where reading.index < record.fields.count {
            let field = record.fields[reading.index]
            guard !field.isEmpty else { continue }
            switch CellText(field) {
            case .text(let text) where text.isEmpty: continue
            case .text(let text): return (text, reading)
            case .formula: if !formulas.contains(reading.index) { formulas.append(reading.index) }
            case .typeName: hasTypeNames = true
            }
        }
        return nil
    }
}
