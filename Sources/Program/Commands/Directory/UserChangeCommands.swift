import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation
import HTTPTypes

/// The roles of a user. An option that is not given changes nothing.
struct RoleOptions: ParsableArguments {
    @Option(name: .customLong("role"), help: "What the user may do in Causeway; may be repeated.")
    var roles: [AccessRole] = []
    @Flag(help: "The user has no role.")
    var noRole = false

    func validate() throws {
        guard roles.isEmpty || !noRole else {
            throw ArgumentParser.ValidationError("Give --role or --no-role, not both.")
        }
    }

    /// The keys of the roles, as the API takes them; nil if the options do not mention them.
    var keys: JSONValue? {
        guard noRole || !roles.isEmpty else { return nil }
        return JSONValue(roles.map { $0.id.uuidString.lowercased() })
    }
}

extension UserCommand {
    /// `causeway user create NAME …`
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Creates a user.",
            discussion: """
                Example: causeway user create ada --name 'Ada Lovelace' --email ada@company.com --attribute department=Maths --group \
                Staff
                """
        )

        @Argument(help: "The user name; unique.")
        var username: String
        @OptionGroup var fields: FieldOptions<UserSection>
        @Option(name: .customLong("group"), help: "A group that the user joins; may be repeated.")
        var groups: [String] = []
        @OptionGroup var roles: RoleOptions
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            var profile = UserProfile(username: username.trimmed)
            try fields.apply(to: &profile)
            var body = UserProfile.fields.values(of: profile)
            body["roles"] = roles.keys
            let (made, next) = try await data.withStore { [body] store in
                let groups = try await store.groups(called: groups).keys
                let whole = body.merging(["groups": groups]) { $1 }
                let made = try await CommandAPI(store, data).send(.post, "/core/users/", .object(whole))
                let user = try await store.user(called: profile.username)
                return (made, try await data.nextSteps(ObjectReference(user.id), called: user.username, in: store))
            }
            Output(output).print(made, orSay: "User '\(profile.username)' was created.", next)
        }
    }

    /// `causeway user update NAME …`
    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Changes a user; what is not given stays as it is.",
            discussion: "Example, for a person who leaves: causeway user update ada --no-active"
        )

        @Argument(help: "The user name.")
        var user: String
        @Option(help: "A new user name.")
        var username: String?
        @OptionGroup var fields: FieldOptions<UserSection>
        @OptionGroup var roles: RoleOptions
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let (changed, next) = try await data.withStore { store in
                let user = try await store.user(called: self.user)
                let changed = try await CommandAPI(store, data).change("/core/users/\(user.id)/") {
                    try await body(of: user.id, store)
                }
                let next = try await data.nextSteps(
                    ObjectReference(user.id),
                    called: changed["username"]?.string ?? user.username,
                    isLeaver: user.profile.isActive && changed["is_active"] == false,
                    in: store
                )
                return (changed, next)
            }
            Output(output).print(changed, orSay: "User '\(changed["username"]?.string ?? user)' was changed.", next)
        }

        private func body(of key: UserID, _ store: Store) async throws -> [String: JSONValue] {
            guard let present = try await store.read({ try $0.user(key) }) else {
                throw StoreError.notFound("user", user)
            }
            var body = try fields.values(over: present.profile)
            body["username"] = username.map { .string($0.trimmed) }
            body["roles"] = roles.keys
            return body
        }
    }

    /// `causeway user delete NAME…`
    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Deletes users.",
            discussion: """
                The next sync does in Entra what each provider's --user-delete-action says; its guard holds many deletions back. \
                For a person who may return: causeway user update NAME --no-active
                """
        )

        @OptionGroup var objects: DeleteArguments<NamedUser>

        func run() async throws { try await objects.delete() }
    }

    /// `causeway user set-password NAME`
    struct SetPassword: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set-password",
            abstract: "Sets the password with which a user signs in to Causeway, and ends the user's sessions.",
            discussion: "The command asks for the password, or reads it with --password-file or --password-stdin."
        )

        @Argument(help: "The user name.")
        var user: String
        @OptionGroup var password: PasswordOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await data.withStore { store in
                let user = try await store.user(called: user)
                let body: JSONValue = ["password": .string(try password.secret().revealed)]
                try await CommandAPI(store, data).send(.post, "/core/users/\(user.id)/set_password/", body)
            }
            print("The password of '\(user)' was set.")
        }
    }
}

extension Output {
    /// Prints an object as the API returns it, or a sentence.
    func print(_ json: JSONValue, orSay sentence: String) { isJSON ? print(json) : print(sentence) }
}
