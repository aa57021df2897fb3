package import CausewayJSON
import CausewayModel

/// What one line of a groups file says: of a group, of who is in it, and of what it is in.
package struct GroupRow: Hashable, Sendable {
    package let line: Int
    package let name: String
    package var attributes: [String: JSONValue] = [:]
    package var parents: [String] = []
    /// User names or addresses, the former perhaps as `user:NAME`, and groups as `group:NAME`.
    package var members: [String] = []
}

/// The columns of a groups file.
struct GroupColumns {
    private let name: Int
    private let parents: Int?
    private let members: Int?
    private let memberType: Int?
    private let attributes: [(Int, String)]

    init(header: [String]) throws {
        let names = header.map(KnownHeaders.folded)
        func place(_ known: String...) -> Int? { names.firstIndex { known.contains($0) } }
        guard let name = place("name", "group", "groupname", "displayname", "gruppe") else {
            let found = header.map { "'\($0)'" }.joined(separator: ", ")
            throw ImportFileError("The groups file has no column 'name' or 'group'; found are \(found).")
        }
        self.name = name
        parents = place("parents", "parent", "parentgroup", "parentgroups")
        members = place("members", "member", "username", "email", "user", "userprincipalname", "mitglied", "mitglieder")
        memberType = place("membertype", "type")
        let used = [name, parents, members, memberType].compactMap { $0 }
        attributes = header.indices.filter { !used.contains($0) && !names[$0].isEmpty }
            .map { place in
                // As exports name attributes.
                guard case .attribute(let name) = ColumnTarget(header[place]) else {
                    return (place, KnownHeaders.attributeName(header[place]))
                }
                return (place, name)
            }
    }

    func row(_ record: CSVRecord) throws(LineProblem) -> GroupRow {
        func cell(_ place: Int?) -> String {
            guard let place, record.fields.indices.contains(place) else { return "" }
            return CSVText.plain(record.fields[place])
        }
        guard !cell(name).isEmpty else { throw LineProblem(line: record.line, reason: "no group is named") }
        var row = GroupRow(line: record.line, name: cell(name))
        row.parents = ListText.names(in: cell(parents))
        let isGroup = KnownHeaders.folded(cell(memberType)) == "group"
        row.members = ListText.names(in: cell(members)).map { isGroup ? "group:\($0)" : $0 }
        for (place, key) in attributes where !cell(place).isEmpty { row.attributes[key] = .string(cell(place)) }
        return row
    }
}
