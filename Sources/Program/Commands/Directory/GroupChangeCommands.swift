import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayStore
import HTTPTypes

extension GroupCommand {
    /// `causeway group create NAME …`
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Creates a group.",
            discussion: "Example: causeway group create Staff --attribute floor=3 --user ada --user bob"
        )

        @Argument(help: "The group's name; unique.")
        var name: String
        @OptionGroup var fields: FieldOptions<GroupSection>
        @Option(name: .customLong("user"), help: "A user who is a member; may be repeated.")
        var users: [String] = []
        @Option(name: .customLong("parent"), help: "A group that this group is in; may be repeated.")
        var parents: [String] = []
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            var profile = GroupProfile(name: name.trimmed)
            try fields.apply(to: &profile)
            let (made, next) = try await data.withStore { [profile] store in
                var body = GroupProfile.fields.values(of: profile)
                body["users"] = .array(try await store.users(called: users).map { .integer($0.id.rawValue) })
                body["parents"] = try await store.groups(called: parents).keys
                let made = try await CommandAPI(store, data).send(.post, "/core/groups/", .object(body))
                let group = try await store.group(called: profile.name)
                return (made, try await data.nextSteps(ObjectReference(group.id), called: group.name, in: store))
            }
            Output(output).print(made, orSay: "Group '\(profile.name)' was created.", next)
        }
    }

    /// `causeway group update NAME …`
    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Changes a group; what is not given stays as it is.",
            discussion: "Members: causeway group add GROUP USER…, causeway group remove GROUP USER…"
        )

        @Argument(help: "The group's name.")
        var group: String
        @Option(help: "A new name.")
        var name: String?
        @OptionGroup var fields: FieldOptions<GroupSection>
        @Option(name: .customLong("parent"), help: "The groups that this group is in, and no others; may be repeated.")
        var parents: [String] = []
        @Flag(help: "This group is in no other.")
        var noParent = false
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func validate() throws {
            guard parents.isEmpty || !noParent else {
                throw ArgumentParser.ValidationError("Give --parent or --no-parent, not both.")
            }
        }

        func run() async throws {
            let (changed, next) = try await data.withStore { store in
                let group = try await store.group(called: self.group)
                let path = "/core/groups/\(group.id.text)/?include_users=false"
                let changed = try await CommandAPI(store, data).change(path) { try await body(of: group.id, store) }
                let name = changed["name"]?.string ?? group.name
                return (changed, try await data.nextSteps(ObjectReference(group.id), called: name, in: store))
            }
            Output(output).print(changed, orSay: "Group '\(changed["name"]?.string ?? group)' was changed.", next)
        }

        private func body(of key: GroupID, _ store: Store) async throws -> [String: JSONValue] {
            guard let present = try await store.read({ try $0.group(key) }) else {
                throw StoreError.notFound("group", group)
            }
            var body = try fields.values(over: present.profile)
            body["name"] = name.map { .string($0.trimmed) }
            if noParent || !parents.isEmpty { body["parents"] = try await store.groups(called: parents).keys }
            return body
        }
    }

    /// `causeway group delete NAME…`
    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Deletes groups; their members stay.",
            discussion: "The next sync does in Entra what each provider's --group-delete-action says."
        )

        @OptionGroup var objects: DeleteArguments<NamedGroup>

        func run() async throws { try await objects.delete() }
    }

    /// `causeway group add GROUP USER…`
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Adds users to a group.")

        @OptionGroup var members: MemberArguments

        func run() async throws { try await members.change("add_user", said: "added to") }
    }

    /// `causeway group remove GROUP USER…`
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Removes users from a group.")

        @OptionGroup var members: MemberArguments

        func run() async throws { try await members.change("remove_user", said: "removed from") }
    }
}

/// A group, and the users whose membership in it changes.
struct MemberArguments: ParsableArguments {
    @Argument(help: "The group's name.")
    var group: String
    @Argument(help: "The user names.")
    var users: [String]
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    /// - Parameters:
    ///   - operation: the last part of the operation's path.
    ///   - phrase: what happened to the users.
    func change(_ operation: String, said phrase: String) async throws {
        let (group, changed, next) = try await data.withStore { store in
            let group = try await store.group(called: self.group)
            let users = try await store.users(called: users)
            let before = Set(try await store.read { try $0.members(of: group.id) })
            let api = try CommandAPI(store, data)
            for user in users {
                let body: JSONValue = ["pk": .integer(user.id.rawValue)]
                try await api.send(.post, "/core/groups/\(group.id.text)/\(operation)/", body)
            }
            let after = Set(try await store.read { try $0.members(of: group.id) })
            let changed = users.filter { before.contains($0.id) != after.contains($0.id) }
            return (group, changed, try await data.nextSteps(ObjectReference(group.id), called: group.name, in: store))
        }
        let unchanged = Set(users).count - changed.count
        let rest = unchanged > 0 ? " \(unchanged.counted("user")) needed no change." : ""
        let what = "\(changed.count.counted("user")) \(changed.count == 1 ? "was" : "were")"
        let sentence = "\(what) \(phrase) '\(group.name)'.\(rest)"
        let output = Output(output)
        // Nothing follows from what has not changed.
        guard output.isJSON || !changed.isEmpty else { return output.print(sentence) }
        let json: JSONValue = ["group": .string(group.name), "changed": JSONValue(changed.map(\.username))]
        output.print(json, orSay: sentence, next)
    }
}
