import CausewayJSON
import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayWeb

@Suite("The tree of groups")
struct GroupTreeTests {
    @Test("rows in depth-first order become nested lists of any depth")
    func nested() async throws {
        let texts = try Texts(.built, .english)
        let depths = [("A", 0, 2), ("B", 1, 1), ("C", 2, 0), ("D", 1, 0), ("E", 0, 0)]
        let rows = try depths.map { name, depth, groups in
            try AnswerDecoder.decode(
                GroupTreeRow.self,
                from: [
                    "pk": .string("key-\(name)"), "name": .string(name), "depth": .integer(Int64(depth)),
                    "is_superuser": .bool(name == "C"), "members": 1, "groups": .integer(Int64(groups)),
                    "is_cut": false,
                ]
            )
        }
        let branches = GroupBranch.branches(rows, texts)
        #expect(branches.map(\.name) == ["A", "E"] && branches[0].children.map(\.name) == ["B", "D"])
        #expect(branches[0].children[0].children.map(\.name) == ["C"])
        let page = GroupTree(
            branches: branches,
            hasBranches: true,
            pages: Paging(count: "", previous: nil, next: nil)
        )
        let renderer = try await PageRenderer(.built, [texts])
        let session = PageSession(username: "ada", role: "auditor", csrfToken: "t")
        let context = PageContext(
            address: "/if/admin/x/",
            query: "",
            done: nil,
            session: session,
            theme: .light,
            viewer: Viewer(texts: texts, zone: .gmt)
        )
        let html = try renderer.render(PageContent(page, title: "Tree"), context)
        let names = html.matches(of: /<bdi>([A-E])<\/bdi>/).map { String($0.1) }
        #expect(names == ["A", "B", "C", "D", "E"])
        #expect(html.matches(of: /<ul class="tree">/).count == 2)
        #expect(html.contains("1 direct member · administrators of Causeway"))
    }
}
