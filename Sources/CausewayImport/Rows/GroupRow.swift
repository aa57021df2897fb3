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
        try headers.requireDistinctNames { !headers[$0].label.isEmpty }
        func column(_ known: String...) -> Int? {
            headers.firstIndex { known.contains($0.property ?? $0.label) || known.contains($0.label) }
        }
        guard let name = column("name", "group", "groupname", "groupemail", "displayname", "gruppe") else {
            let found = header.map { "'\($0)'" }.joined(separator: ", ")
            throw ImportFileError("The groups file has no column 'name' or 'group'; columns: \(found).")
        }
        self.name = name
        parents = column("parents", "parent", "parentgroup", "parentgroups")
        members = column(
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
        memberType = column("membertype", "type")
        var used = [name: "name"]
        for (index, target) in [(parents, "parents"), (members, "members"), (memberType, "member_type")] {
            if let index { used[index] = target }
        }
        attributes = headers.indices.filter { [used] in used[$0] == nil && !headers[$0].label.isEmpty }
            .map { index in
                // As exports name attributes.
                guard case .attribute(let name) = ColumnTarget(header[index]) else {
                    return (index, headers[index].attributeName)
                }
                return (index, name)
            }
        let names = Dictionary(uniqueKeysWithValues: attributes)
        all = header.enumerated().map { index, text in
            let target = used[index] ?? names[index].map { "attributes.\($0)" } ?? "ignore"
            return ImportColumn(header: text, target: target, note: "")
        }
    }

    func row(_ record: CSVRecord) throws(LineProblem) -> GroupRow {
        func cell(_ index: Int?) -> String {
            guard let index, record.fields.indices.contains(index) else { return "" }
            guard case .text(let text) = CellText(record.fields[index]) else { return "" }
            return text
        }
        guard !cell(name).isEmpty else { throw LineProblem(line: record.line, reason: "the group's name is missing") }
        var row = GroupRow(line: record.line, name: cell(name))
        row.parents = ListText.names(in: cell(parents))
        let isGroup = ColumnHeader.folded(cell(memberType)) == "group"
        row.members = ListText.names(in: cell(members)).map { isGroup ? "group:\($0)" : $0 }
        for (index, key) in attributes where !cell(index).isEmpty { row.attributes[key] = .string(cell(index)) }
        return row
    }
}
