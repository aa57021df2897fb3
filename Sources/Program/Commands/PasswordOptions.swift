import ArgumentParser
import CausewayModel
import Foundation

/// Where a password comes from; never an argument, which others could see.
struct PasswordOptions: ParsableArguments {
    @Option(help: "A file with the password.")
    var passwordFile: String?
    @Flag(help: "Read the password from standard input.")
    var passwordStdin = false

    /// - Throws: ``UserError`` if there is none.
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
        let (first, second) = (ask("Password: "), ask("Repeat password: "))
        guard first == second else { throw UserError("The passwords do not match.") }
        return Secret(first)
    }

    private func ask(_ prompt: String) -> String { getpass(prompt).map { String(cString: $0) } ?? "" }
}
