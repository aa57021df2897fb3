import CausewayAPI
import HTTPTypes

/// The groups that contain groups, as trees.
struct GroupTreePage: Sendable {
    static let address = Address.groups("tree")

    let texts: Texts

    private static let list = "/causeway/groups/tree/"

    var routes: [PageRoute] { [PageRoute(.get, Self.address) { try await show($0) }] }

    private func show(_ request: PageRequest) async throws -> PageResponse {
        let query = [(name: "page", value: "\(request.query.page)"), (name: "page_size", value: "25")]
        let found = try await request.api.get(Self.list.adding(query), as: ResultPage<GroupTreeRow>.self)
        let branches = GroupBranch.branches(found.results, texts)
        let page = GroupTree(
            branches: branches,
            hasBranches: !branches.isEmpty,
            pages: Paging(found.pagination, request, texts)
        )
        let trail = [PageLink(title: texts("places.groups"), address: .groups)]
        return .page(PageContent(page, title: texts("group_tree.title"), place: "groups", trail: trail))
    }

    /// The groups below a group.
    func branches(below group: String, _ api: APIClient) async throws -> GroupBranches {
        let rows = try await api.rows(Self.list.adding([("root", group)]), as: GroupTreeRow.self)
        return GroupBranches(branches: GroupBranch.branches(rows, texts).first?.children ?? [])
    }
}

/// A row of the groups' trees, as the API returns it: the rows of the groups below a group follow it.
struct GroupTreeRow: Decodable, Sendable {
    let pk: String
    let name: String
    let depth: Int
    let isSuperuser: Bool
    let members: Int
    let groups: Int
    /// Whether the groups below it are left out.
    let isCut: Bool
}

/// The template `group-tree`.
struct GroupTree: PageModel {
    static let template = "group-tree"

    let branches: [GroupBranch]
    let hasBranches: Bool
    let pages: Paging
}

/// The branches of one tree.
struct GroupBranches: TemplateValue {
    let branches: [GroupBranch]
}

/// A group in a tree, with the groups below it.
struct GroupBranch: TemplateValue {
    let name: String
    let address: Address
    let words: String
    /// How many groups are in it; nil for none.
    let inner: String?
    let isOpen: Bool
    let hasChildren: Bool
    let children: [GroupBranch]

    /// Folded below this depth.
    private static let folded = 2

    static func branches(_ rows: [GroupTreeRow], _ texts: Texts) -> [GroupBranch] {
        var rest = rows[...]
        return branches(&rest, depth: 0, texts)
    }

    private static func branches(_ rest: inout ArraySlice<GroupTreeRow>, depth: Int, _ texts: Texts) -> [GroupBranch] {
        var branches: [GroupBranch] = []
        while let row = rest.first, row.depth == depth {
            rest = rest.dropFirst()
            branches.append(GroupBranch(row, children: Self.branches(&rest, depth: depth + 1, texts), texts))
        }
        return branches
    }

    private init(_ row: GroupTreeRow, children: [GroupBranch], _ texts: Texts) {
        name = row.name
        address = .group(row.pk)
        let members = texts("group_tree.members", count: row.members)
        words = row.isSuperuser ? "\(members) · \(texts("group_tree.superusers"))" : members
        inner = row.groups == 0 ? nil : texts(row.isCut ? "group_tree.cut" : "group_tree.groups", count: row.groups)
        isOpen = row.depth < Self.folded
        hasChildren = !children.isEmpty
        self.children = children
    }
}
