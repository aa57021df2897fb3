import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayStore
import HTTPTypes

/// `causeway token …`
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Keys with which programs use the API.",
        subcommands: [List.self, Create.self, Revoke.self],
        defaultSubcommand: List.self
    )

    /// `causeway token list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists tokens; keys are not stored.")

        @Option(help: "Only the tokens of this user.")
        var user: String?
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let lines = try await data.withStore { store in
                let owner = if let user { try await store.user(called: user).id } else { UserID?.none }
                return try await store.read { transaction in
                    let tokens = try owner.map { try transaction.tokens(of: $0) } ?? transaction.tokens()
                    let users = try transaction.users(ids: Array(Set(tokens.map(\.user))))
                    return tokens.map { token in
                        TokenLine(token: token, username: users[token.user]?.username ?? "", now: transaction.now)
                    }
                }
            }
            let output = Output(output)
            if output.isJSON { return output.print(.array(lines.map(\.json))) }
            var table = Table(
                ("Token", .name),
                ("User", .left),
                ("Role", .left),
                ("Valid until", .left),
                ("For", .sentence)
            )
            for line in lines {
                let (token, role) = (line.token, line.token.role?.rawValue ?? "the user's")
                table.add(token.identifier, line.username, role, line.end, token.description)
            }
            output.print(table, orIfEmpty: "No tokens. Create one with: causeway token create USER NAME")
        }
    }

    /// `causeway token create USER NAME`
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Creates a token and prints its key, once; the key is not stored.",
            discussion: """
                Examples: causeway token create ada backup --role auditor --lifetime days=30; causeway token create --user ada --json
                """
        )

        @OptionGroup var token: NewToken

        func run() async throws { try await token.create() }
    }

    /// `causeway token revoke NAME…`
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Deletes tokens: programs that use them can do nothing any more."
        )

        @Argument(help: "The tokens' names.")
        var identifiers: [String]
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let revoked = identifiers.reduce(into: [String]()) { names, name in
                if !names.contains(name) { names.append(name) }
            }
            try await data.withStore { store in
                let known = Set(try await store.read { try $0.tokens() }.map(\.identifier))
                if let wrong = revoked.first(where: { !known.contains($0) }) {
                    throw UserError("There is no token '\(wrong)'; see: causeway token list")
                }
                let api = try CommandAPI(store, data)
                for identifier in revoked { try await api.send(.delete, "/core/tokens/\(identifier.pathPart)/") }
            }
            let output = Output(output)
            if output.isJSON { return output.print(["revoked": JSONValue(revoked)]) }
            for identifier in revoked { output.print("Token '\(identifier)' was revoked.") }
        }
    }
}

/// A token in a list.
private struct TokenLine {
    let token: AccessToken
    let username: String
    let now: Timestamp

    var end: String {
        guard let end = token.end else { return "no end" }
        return token.isExpired(at: now) ? "expired" : end.text
    }

    var json: JSONValue {
        .object(
            AccessToken.fields.values(of: token).merging([
                "user": .string(username), "expires": JSONValue(token.end?.text),
                "is_expired": .bool(token.isExpired(at: now)), "role": JSONValue(token.role?.rawValue),
            ]) { $1 }
        )
    }
}

/// A token to create.
struct NewToken: ParsableArguments {
    @Argument(help: "The token's user; the token may do what the user may.")
    var username: String?
    @Argument(help: "The token's own name: letters, digits, '-' and '_'; by default, the user's with a number.")
    var identifier: String?
    @Option(help: "The token's user, instead of the first argument.")
    var user: String?
    @Option(help: "The maximum role: auditor, operator or administrator.")
    var role: AccessRole?
    @Option(help: "How long it is valid, such as days=90; 'never' for a token that does not expire.")
    var lifetime = "days=90"
    @Option(help: "What it is for.")
    var description = ""
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard lifetime == "never" || DurationText(lifetime) != nil else {
            throw ArgumentParser.ValidationError("--lifetime is a duration such as days=90, or 'never'.")
        }
        guard user == nil || identifier == nil, let owner, !owner.isEmpty else {
            throw ArgumentParser.ValidationError(
                "Name the token's user once: causeway token create USER, or --user USER."
            )
        }
        guard givenName.map(Self.isSlug) ?? true else {
            throw ArgumentParser.ValidationError("A token's name may contain only letters, digits, '-' and '_'.")
        }
    }

    private var owner: String? { user ?? username }
    private var givenName: String? { user == nil ? identifier : username }

    private static func isSlug(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(isSlugByte)
    }

    private static func isSlugByte(_ byte: UInt8) -> Bool {
        let character = Character(UnicodeScalar(byte))
        return byte < 128 && (character.isLetter || character.isNumber || character == "-" || character == "_")
    }

    /// A name of the user's own, as far as names of tokens allow it, that no other token has.
    private static func name(for user: User) -> String {
        let readable = user.username.utf8.filter(isSlugByte).prefix(40)
        return "\(String(decoding: readable, as: UTF8.self))-\(Int.random(in: 100_000..<1_000_000))"
    }

    /// Creates it and prints its key.
    func create() async throws {
        let (name, key) = try await data.withStore { store in
            let user = try await store.user(called: owner ?? "")
            let name = givenName ?? Self.name(for: user)
            let api = try CommandAPI(store, data)
            try await api.send(
                .post,
                "/core/tokens/",
                .object(body(name, of: user, at: try await store.read { $0.now }))
            )
            let view = try await api.send(.get, "/core/tokens/\(name.pathPart)/view_key/")
            return (name, view["key"]?.string ?? "")
        }
        let output = Output(output)
        output.isJSON ? output.print(["identifier": .string(name), "key": .string(key)]) : output.print(key)
    }

    private func body(_ name: String, of user: User, at now: Timestamp) -> [String: JSONValue] {
        var body: [String: JSONValue] = [
            "identifier": .string(name), "intent": "api", "user": .integer(user.id.rawValue),
            "description": .string(description), "expiring": .bool(lifetime != "never"),
        ]
        body["causeway_role"] = role.map { .string($0.rawValue) }
        body["expires"] = DurationText(lifetime).map { .string((now + $0.duration).text) }
        return body
    }
}
