package import CausewayJSON
import CausewayModel

/// What one line of a groups file says: a group, its members, and its parents.
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
    let format: FileFormat?
    /// Every column, and its meaning.
    let all: [ImportColumn]
    private let name: Int
    private let parents: Int?
    private let members: Int?
    private let memberType: Int?
    private let attributes: [(Int, String)]

    init(header: [String]) throws {
        let headers = header.map { ColumnHeader($0) }
        format = KnownFormats.groups(headers)
        if let refusal = format?.refusal { throw ImportFileError(refusal) }
        func place(_ known: String...) -> Int? {
            headers.firstIndex { known.contains($0.property ?? $0.label) || known.contains($0.label) }
        }
        guard let name = place("name", "group", "groupname", "groupemail", "displayname", "gruppe") else {
            let found = header.map { "'\($0)'" }.joined(separator: ", ")
            throw ImportFileError("The groups file has no column 'name' or 'group'; columns: \(found).")
        }
        self.name = name
        parents = place("parents", "parent", "parentgroup", "parentgroups")
        members = place(
            "members",
            "member",
            "memberemail",
            "memberobjectidorupn",
            "username",
            "email",
            "user",
            "userprincipalname",
            "mitglied",
            "mitglieder"
        )
        memberType = place("membertype", "type")
        var used = [name: "name"]
        for (place, target) in [(parents, "parents"), (members, "members"), (memberType, "member_type")] {
            if let place { used[place] = target }
        }
        attributes = headers.indices.filter { [used] in used[$0] == nil && !headers[$0].label.isEmpty }
            .map { place in
                // As exports name attributes.
                guard case .attribute(let name) = ColumnTarget(header[place]) else {
                    return (place, headers[place].attributeName)
                }
                return (place, name)
            }
        let names = Dictionary(uniqueKeysWithValues: attributes)
        all = header.enumerated().map { place, text in
            let target = used[place] ?? names[place].map { "attributes.\($0)" } ?? "ignore"
            return ImportColumn(header: text, target: target, note: "")
        }
    }

    func row(_ record: CSVRecord) throws(LineProblem) -> GroupRow {
        func cell(_ place: Int?) -> String {
            guard let place, record.fields.indices.contains(place) else { return "" }
            guard case .text(let text) = CellText(record.fields[place]) else { return "" }
            return text
        }
        guard !cell(name).isEmpty else { throw LineProblem(line: record.line, reason: "the group's name is missing") }
        var row = GroupRow(line: record.line, name: cell(name))
        row.parents = ListText.names(in: cell(parents))
        let isGroup = ColumnHeader.folded(cell(memberType)) == "group"
        row.members = ListText.names(in: cell(members)).map { isGroup ? "group:\($0)" : $0 }
        for (place, key) in attributes where !cell(place).isEmpty { row.attributes[key] = .string(cell(place)) }
        return row
    }
}
