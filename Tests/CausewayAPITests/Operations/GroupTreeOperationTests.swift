import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Groups within groups, and what a group's members would become")
struct GroupTreeOperationTests {
    private func group(_ server: ServedProgram, _ name: String, in parents: [JSONValue] = [], users: [JSONValue] = [])
        async throws -> JSONValue
    {
        let body: JSONValue = ["name": .string(name), "parents": .array(parents), "users": .array(users)]
        let made = try await server.send("POST", "/core/groups/", body)
        return try #require(made.body["pk"], "\(made.body.text)")
    }

    private func user(_ server: ServedProgram, _ name: String, isActive: Bool = true) async throws -> JSONValue {
        let body: JSONValue = ["username": .string(name), "name": "", "is_active": .bool(isActive)]
        return try #require(try await server.send("POST", "/core/users/", body).body["pk"])
    }

    private func rows(_ answer: HTTP.Answer) -> [String] {
        (answer.body["results"]?.array ?? []).map { row in
            "\(row["depth"]?.integer ?? -1) \(row["name"]?.string ?? "") \(row["members"]?.integer ?? -1)"
        }
    }

    @Test("trees begin with groups that are in none, and a group in two others is in both")
    func tree() async throws {
        try await ServedProgram.with { server in
            let ada = try await user(server, "ada")
            let (all, other) = (try await group(server, "All"), try await group(server, "Other"))
            _ = try await group(server, "Alone")
            let staff = try await group(server, "Staff", in: [all], users: [ada])
            _ = try await group(server, "Shared", in: [staff, other])
            let trees = try await server.send("GET", "/causeway/groups/tree/")
            #expect(
                rows(trees) == ["0 All 0", "1 Staff 1", "2 Shared 0", "0 Other 0", "1 Shared 0"],
                "\(trees.body.text)"
            )
            #expect(trees.body["pagination"]?["count"] == 2)
            let one = try await server.send("GET", "/causeway/groups/tree/?root=\(staff.string ?? "")")
            #expect(rows(one) == ["0 Staff 1", "1 Shared 0"])
            let second = try await server.send("GET", "/causeway/groups/tree/?page=2&page_size=1")
            #expect(rows(second) == ["0 Other 0", "1 Shared 0"])
            let none = try await server.send("GET", "/causeway/groups/tree/?root=00000000-0000-4000-8000-000000000000")
            #expect(none.status == 400)
        }
    }

    @Test("a deep chain of groups is cut, and says so")
    func deep() async throws {
        try await ServedProgram.with { server in
            var last = try await group(server, "Level 0")
            for level in 1...14 { last = try await group(server, "Level \(level)", in: [last]) }
            let found = try await server.send("GET", "/causeway/groups/tree/").body["results"]?.array ?? []
            #expect(found.count == 12 && found.last?["is_cut"] == true, "\(found.count)")
            #expect(found.dropLast().allSatisfy { $0["is_cut"] == false })
        }
    }

    @Test("of many groups, every root is listed, and a group whose groups are left out has their number")
    func wide() async throws {
        try await ServedProgram.with { server in
            let store = try await Store.open(dataFolder: server.folder)
            try await store.write { transaction in
                for root in 0..<25 {
                    let outer = try transaction.createGroup(GroupProfile(name: "Root \(root)"))
                    for number in 0..<45 {
                        let inner = try transaction.createGroup(GroupProfile(name: "Inner \(root) \(number)"))
                        _ = try transaction.addParent(outer.id, to: inner.id)
                        guard number == 0 else { continue }
                        let last = try transaction.createGroup(GroupProfile(name: "Last \(root)"))
                        _ = try transaction.addParent(inner.id, to: last.id)
                    }
                }
            }
            try store.close()
            let found = try await server.send("GET", "/causeway/groups/tree/?page_size=25").body["results"]?.array ?? []
            #expect(found.count { $0["depth"] == 0 } == 25 && found.count <= 1000, "\(found.count)")
            #expect(found.filter { $0["depth"] == 0 }.allSatisfy { $0["groups"] == 45 })
            let cut = found.filter { $0["is_cut"] == true }
            #expect(!cut.isEmpty && cut.allSatisfy { ($0["groups"]?.integer ?? 0) > 0 })
            let listed = found.compactMap { row in
                row["name"]?.string.map { (name: $0, groups: row["groups"]?.integer) }
            }
            let inner = listed.filter { $0.name.hasPrefix("Inner ") && $0.name.hasSuffix(" 0") }
            #expect(inner.count > 15 && inner.allSatisfy { $0.groups == 1 }, "\(inner)")
        }
    }

    @Test("the people who would become administrators are counted once, below the group too, without those who are")
    func reach() async throws {
        try await ServedProgram.with { server in
            let (ada, bob) = (try await user(server, "ada"), try await user(server, "bob"))
            let gone = try await user(server, "gone", isActive: false)
            let root = try await server.send("GET", "/core/users/?username=root").body["results"]?.array?.first?["pk"]
            let outer = try await group(server, "Outer", users: [ada, gone, try #require(root)])
            let inner = try await group(server, "Inner", in: [outer], users: [ada, bob])
            let path = "/causeway/groups/\(outer.string ?? "")/reach/"
            let reach = try await server.send("GET", path)
            #expect(reach.body["members"] == 3 && reach.body["new_administrators"] == 2, "\(reach.body.text)")
            let raised = try await server.send("PATCH", "/core/groups/\(outer.string ?? "")/", ["is_superuser": true])
            #expect(raised.status == 200)
            #expect(reach.body["makes_administrators"] == false)
            #expect(try await server.send("GET", path).body["new_administrators"] == 0)
            for group in [outer, inner] {
                let path = "/causeway/groups/\(group.string ?? "")/reach/"
                #expect(try await server.send("GET", path).body["makes_administrators"] == true)
            }
            #expect(
                try await server.send("GET", "/causeway/groups/00000000-0000-4000-8000-000000000000/reach/").status
                    == 404
            )
        }
    }
}
