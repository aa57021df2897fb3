import ArgumentParser
import CausewayAPI
import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation

/// `causeway user …`
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Users and service accounts of the directory.",
        subcommands: [
            List.self, Create.self, Update.self, Delete.self, SetPassword.self, CreateAdmin.self, CreateToken.self,
        ],
        defaultSubcommand: List.self
    )

    /// `causeway user list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists users in the order of their keys.")

        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var page: PageOptions

        func run() async throws {
            let users = try await data.withStore { store in
                try await page.collect { last, limit in
                    try await store.read { try $0.users(after: last, limit: limit, search: page.search) }
                } key: {
                    $0.id
                }
            }
            let output = Output(output)
            if output.isJSON { return output.print(.array(users.map(\.json))) }
            var table = Table(("Key", .right), ("Username", .name), ("Name", .left), ("Email", .left), ("State", .left))
            for user in users {
                table.add("\(user.id)", user.username, user.name, user.email, user.stateText)
            }
            output.print(
                table,
                orIfEmpty: "No users. Import some: causeway import csv FILE, or: causeway user create NAME"
            )
            page.printRemainder(of: users.count)
        }
    }

    /// `causeway user create-admin NAME`
    struct CreateAdmin: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create-admin",
            abstract: "Creates an administrator, or makes an existing user one.",
            discussion: "The command asks for the password, or reads it with --password-file or --password-stdin."
        )

        @Argument(help: "The user name to sign in with.")
        var username: String
        @Option(help: "The name to show; by default, the user name.")
        var name = ""
        @Option(help: "The e-mail address.")
        var email = ""
        @OptionGroup var password: PasswordOptions
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let secret = try password.secret()
            let rule = try data.settings().passwordRule()
            let user = try await data.withStore { store in
                try await AdministratorSetup(store: store, passwordRule: rule)
                    .createAdministrator(username.trimmed, name: name, email: email, password: secret)
            }
            let output = Output(output)
            if output.isJSON {
                return output.print(["pk": .integer(user.id.rawValue), "username": .string(user.username)])
            }
            output.print("\(user.username) is now an administrator and signs in with that password.")
        }
    }

    /// `causeway user create-token NAME IDENTIFIER`: the same as `causeway token create`.
    struct CreateToken: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create-token",
            abstract: "Creates a key for programs that use the API, as causeway token create does."
        )

        @OptionGroup var token: NewToken

        func run() async throws { try await token.create() }
    }
}

extension AccessRole: ExpressibleByArgument {}

extension User {
    fileprivate var stateText: String {
        profile.isActive ? (profile.type.isServiceAccount ? "service account" : "active") : "inactive"
    }

    fileprivate var json: JSONValue {
        [
            "pk": .integer(id.rawValue), "uid": .string(uid), "username": .string(profile.username),
            "name": .string(profile.name),
            "email": .string(profile.email), "is_active": .bool(profile.isActive),
            "type": .string(profile.type.rawValue),
            "path": .string(profile.path), "attributes": .object(profile.attributes),
        ]
    }
}
