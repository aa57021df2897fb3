import CausewayJSON
import CausewayModel
import CausewayStore

/// Groups with their parents and members. A large group has several lines, so that no cell has more letters than
/// spreadsheets take (Excel: 32,767).
struct GroupExport: CSVExport {
    /// Nil until the header is written.
    private var attributes: [String]?
    private var last: GroupID?
    /// The last member that was written of a group that may have more.
    private var lastMember: UserID?

    private static let columns = ["name", "parents", "members"]
    /// User names have up to 150 letters.
    private static let membersOfLine = 200
    private static let linesOfPart = 100

    mutating func next(in transaction: Transaction) throws -> String? {
        guard let attributes else {
            let names = try transaction.textAttributeNames(of: .group)
            attributes = names
            return CSVText.line(Self.columns + names.map { "attributes.\($0)" })
        }
        var lines = ""
        for _ in 0..<Self.linesOfPart {
            guard let line = try line(attributes, in: transaction) else { break }
            lines += line
        }
        return lines.isEmpty ? nil : lines
    }

    private mutating func line(_ attributes: [String], in transaction: Transaction) throws -> String? {
        if lastMember != nil, let group = try last.flatMap({ try transaction.group($0) }) {
            let members = try members(of: group, in: transaction)
            if !members.isEmpty { return Self.line(group.name, [], members, attributes.map { _ in "" }) }
        }
        guard let group = try transaction.groups(after: last, limit: 1).first else { return nil }
        (last, lastMember) = (group.id, nil)
        let parents = try transaction.groups(transaction.parents(of: group.id)).map(\.name).sorted()
        let members = try members(of: group, in: transaction)
        return Self.line(group.name, parents, members, attributes.map { group.attributes[$0]?.string ?? "" })
    }

    private mutating func members(of group: Group, in transaction: Transaction) throws -> [String] {
        let page = try transaction.memberNames(of: group.id, after: lastMember, limit: Self.membersOfLine)
        lastMember = page.count < Self.membersOfLine ? nil : page.last?.user
        return page.map { Self.member($0.username) }
    }

    /// The form that an import reads as this user and nothing else.
    private static func member(_ username: String) -> String {
        ["group:", "user:"].contains(where: username.hasPrefix) ? "user:\(username)" : username
    }

    private static func line(_ name: String, _ parents: [String], _ members: [String], _ more: [String]) -> String {
        CSVText.line([name, ListText.joined(parents), ListText.joined(members)] + more)
    }
}
