package import CausewayJSON
package import CausewayModel

/// What one line says of a user. What a line leaves empty stays as it is.
package struct UserRow: Hashable, Sendable {
    package let line: Int
    package let username: String
    package var email: String?
    package var name: String?
    package var isActive: Bool?
    package var type: UserType?
    package var path: String?
    package var attributes: [String: JSONValue] = [:]
    /// The names of groups; nil where there is no such column.
    package var groups: [String]?

    /// The profile that results when the line is put over what is there.
    package func profile(over present: UserProfile?) -> UserProfile {
        var profile = present ?? UserProfile(username: username)
        if let email { profile.email = email }
        if let name { profile.name = name }
        if let isActive { profile.isActive = isActive }
        if let type { profile.type = type }
        if let path { profile.path = path }
        profile.attributes.merge(attributes) { $1 }
        return profile
    }
}

extension UserRow {
    /// Reads a record by the meaning of its columns.
    ///
    /// - Throws: ``LineProblem`` that names the column.
    init(_ record: CSVRecord, map: ColumnMap) throws(LineProblem) {
        var cells: [ColumnTarget: String] = [:]
        for (target, text) in zip(map.targets, record.fields) where !text.isEmpty {
            cells[target] = CSVText.plain(text)
        }
        guard let username = cells[.username] ?? cells[.email] else {
            throw LineProblem(line: record.line, reason: "neither a user name nor an address is given")
        }
        self.init(line: record.line, username: username)
        // A user principal name is an address where no other is given.
        email = cells[.email] ?? (username.contains("@") ? username : nil)
        name = cells[.name] ?? Self.joined(cells[.firstName], cells[.lastName])
        isActive = try Self.activity(cells, record.line)
        type = try cells[.type].map { text throws(LineProblem) in try Self.type(text, record.line) }
        path = cells[.path]
        groups = map.targets.contains(.groups) ? ListText.names(in: cells[.groups] ?? "") : nil
        for (target, text) in cells {
            if case .attribute(let key) = target { attributes[key] = .string(text) }
        }
        if let first = cells[.firstName] { attributes["given_name"] = .string(first) }
        if let last = cells[.lastName] { attributes["surname"] = .string(last) }
    }

    private static func joined(_ first: String?, _ last: String?) -> String? {
        let parts = [first, last].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    private static let yes: Set<String> = [
        "true", "yes", "y", "1", "active", "enabled", "employed", "current", "a", "on", "ja", "aktiv", "wahr",
        "working", "onleave",
        "leave", "leaveofabsence", "paidleave", "unpaidleave", "probation", "onboarding",
    ]
    private static let no: Set<String> = [
        "false", "no", "n", "0", "inactive", "disabled", "terminated", "leaver", "left", "retired", "i", "t", "off",
        "nein",
        "inaktiv", "falsch", "deceased", "resigned", "suspended", "ausgeschieden", "offboarded", "former",
    ]

    private static func activity(_ cells: [ColumnTarget: String], _ line: Int) throws(LineProblem) -> Bool? {
        if let text = cells[.isActive] { return try truth(text, line) }
        if let text = cells[.isBlocked] { return try !truth(text, line) }
        return nil
    }

    private static func truth(_ text: String, _ line: Int) throws(LineProblem) -> Bool {
        let word = KnownHeaders.folded(text)
        if yes.contains(word) { return true }
        if no.contains(word) { return false }
        throw LineProblem(line: line, reason: "'\(text)' says neither active nor inactive")
    }

    private static func type(_ text: String, _ line: Int) throws(LineProblem) -> UserType {
        switch KnownHeaders.folded(text) {
        case "internal", "member", "employee", "user": return .internal
        case "external", "guest", "contractor": return .external
        case "serviceaccount", "service": return .serviceAccount
        case "internalserviceaccount": return .internalServiceAccount
        default:
            let known = UserType.allCases.map(\.rawValue).joined(separator: ", ")
            throw LineProblem(line: line, reason: "'\(text)' is no type of user; there are \(known)")
        }
    }
}
