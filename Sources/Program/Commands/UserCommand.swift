import ArgumentParser
import CausewayAPI
import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation

extension UserCommand {
    /// `causeway user create-admin NAME`
    struct CreateAdmin: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create-admin",
            abstract: "Creates an administrator, or makes one of a user that is there.",
            discussion: "The password is asked for, or read from --password-file or with --password-stdin."
        )

        @Argument(help: "The user name to sign in with.")
        var username: String
        @Option(help: "The name to show; without it, the user name.")
        var name = ""
        @Option(help: "The mail address.")
        var email = ""
        @OptionGroup var password: PasswordOptions
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let secret = try password.secret()
            let user = try await data.withStore { store in
                try await AdministratorSetup(store: store)
                    .createAdministrator(username.trimmed, name: name, email: email, password: secret)
            }
            let output = Output(output)
            if output.isJSON {
                return output.print(["pk": .integer(user.id.rawValue), "username": .string(user.username)])
            }
            output.print("\(user.username) is an administrator now, and signs in with that password.")
        }
    }

    /// `causeway user create-token NAME IDENTIFIER`
    struct CreateToken: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create-token",
            abstract: "Creates a key for programs that use the API, and prints it; it is kept nowhere."
        )

        @Argument(help: "Whose token it is; it may do what that user may.")
        var username: String
        @Argument(help: "The token's own name: letters, digits, '-' and '_'.")
        var identifier: String
        @Option(help: "The most that it may do: auditor, operator or administrator.")
        var role: AccessRole?
        @Option(help: "How long it is good for, such as days=90; 'never' for one that does not expire.")
        var lifetime = "days=90"
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func validate() throws {
            guard lifetime == "never" || DurationText(lifetime) != nil else {
                throw ArgumentParser.ValidationError("--lifetime is a duration such as days=90, or 'never'.")
            }
            let isSlug = identifier.utf8.allSatisfy { byte in
                byte < 128 && (Character(UnicodeScalar(byte)).isLetter || Character(UnicodeScalar(byte)).isNumber)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
            guard isSlug, !identifier.isEmpty else {
                throw ArgumentParser.ValidationError("A token's name has letters, digits, '-' and '_' alone.")
            }
        }

        func run() async throws {
            let key = try await data.withStore { store in
                try await AdministratorSetup(store: store).createToken(
                    identifier,
                    of: username,
                    role: role,
                    lifetime: DurationText(lifetime)?.duration
                )
            }
            let output = Output(output)
            if output.isJSON { return output.print(["identifier": .string(identifier), "key": .string(key.revealed)]) }
            output.print(key.revealed)
        }
    }
}

extension AccessRole: ExpressibleByArgument {}

/// Where a password comes from; never from the command line, where others can see it.
struct PasswordOptions: ParsableArguments {
    @Option(help: "A file with the password.")
    var passwordFile: String?
    @Flag(help: "Read the password from standard input.")
    var passwordStdin = false

    /// - Throws: ``UserError`` where there is none.
    func secret() throws -> Secret {
        if let passwordFile {
            guard let text = try? String(contentsOfFile: passwordFile, encoding: .utf8) else {
                throw UserError("The file \(passwordFile) cannot be read.")
            }
            return Secret(text.trimmingCharacters(in: .newlines))
        }
        if passwordStdin { return Secret(readLine() ?? "") }
        guard isatty(STDIN_FILENO) == 1 else {
            throw UserError("Give a password with --password-file or --password-stdin.")
        }
        let (first, second) = (ask("Password: "), ask("Once more: "))
        guard first == second else { throw UserError("The two passwords differ.") }
        return Secret(first)
    }

    private func ask(_ prompt: String) -> String { getpass(prompt).map { String(cString: $0) } ?? "" }
}
