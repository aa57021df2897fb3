import CausewayJSON
import CausewayModel
import CausewayStore

/// Groups with what they are in and who is in them. A large group has several lines, so that no cell is longer than spreadsheets take.
struct GroupExport: DirectoryExport {
    /// Nil until the header is written.
    private var attributes: [String]?
    /// The group whose members are being read.
    private var group: Group?
    private var lastMember: UserID?

    private static let columns = ["name", "parents", "members"]
    private static let membersOfLine = 500
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
        if let group, lastMember != nil {
            let members = try members(of: group, in: transaction)
            // A line of its own for members that there are; else the next group.
            if !members.isEmpty { return Self.line(group.name, [], members, attributes.map { _ in "" }) }
        }
        guard let next = try transaction.groups(after: group?.id, limit: 1).first else { return nil }
        (group, lastMember) = (next, nil)
        let parents = try transaction.groups(transaction.parents(of: next.id)).map(\.name).sorted()
        let members = try members(of: next, in: transaction)
        return Self.line(next.name, parents, members, attributes.map { next.attributes[$0]?.string ?? "" })
    }

    private mutating func members(of group: Group, in transaction: Transaction) throws -> [String] {
        let page = try transaction.memberNames(of: group.id, after: lastMember, limit: Self.membersOfLine)
        lastMember = page.count < Self.membersOfLine ? nil : page.last?.user
        return page.map(\.username)
    }

    private static func line(_ name: String, _ parents: [String], _ members: [String], _ more: [String]) -> String {
        CSVText.line([name, parents.joined(separator: ";"), members.joined(separator: ";")] + more)
    }
}
