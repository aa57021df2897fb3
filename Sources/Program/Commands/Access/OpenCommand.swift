import ArgumentParser
import CausewayAPI
import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation

/// `causeway open`
struct OpenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Opens the admin interface in the browser of this desktop, with a link that signs in.",
        discussion: """
            Without a desktop, it prints the link. The link works once, within five minutes, and needs neither password nor code: \
            anyone who can read and write the data folder can do everything anyway. Its creation and its use are recorded.
            """
    )

    @Option(
        help: "The user to sign in as; by default, the only administrator, or the one named like this system's user."
    )
    var user: String?
    @Option(
        help: "The address of the server for the browser, if there is a proxy in front of it; such as https://HOST."
    )
    var url: String?
    @Flag(help: "Print the link, and open nothing.")
    var printOnly = false
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let folder = try data.settings().openFolder()
        let origin = try origin(of: folder)
        let link = try await data.withStore { store in
            let username = if let user { user } else { try await Self.administrator(in: store) }
            let key = try await AdministratorSetup(store: store).signInLink(for: username)
            return SignInLink(username: username, text: "\(origin)/if/sign-in/link/?key=\(key.revealed)")
        }
        let output = Output(output)
        if output.isJSON { return output.print(["url": .string(link.text), "username": .string(link.username)]) }
        let desktop = printOnly ? nil : Desktop(environment: ProcessInfo.processInfo.environment)
        let isOpened = try desktop?.open(link.text, through: folder) ?? false
        let what = isOpened ? "The browser opens; if it does not, use this link" : "Open this link in a browser"
        output.print("\(what) to sign in as \(link.username). It works once, within five minutes:\n  \(link.text)")
    }

    private struct SignInLink {
        let username: String
        let text: String
    }

    private func origin(of folder: DataFolder) throws -> String {
        if let url {
            guard let parts = URL(string: url), ["http", "https"].contains(parts.scheme), parts.host() != nil else {
                throw UserError("'\(url)' is not an address; write it like https://causeway.company.com.")
            }
            return String(url.trimmingSuffix { $0 == "/" })
        }
        guard let address = FolderLock.address(in: folder) else {
            throw UserError("No server runs on the data folder \(folder.path); start it: causeway serve")
        }
        return address
    }

    /// The administrator whom a link without a name is for.
    private static func administrator(in store: Store) async throws -> String {
        let most = 20
        let names = try await store.read { try $0.administrators(limit: most) }.map(\.username)
        if names.count == 1 { return names[0] }
        if let own = names.first(where: { $0 == .operatingSystemUser }) { return own }
        throw UserError(
            names.isEmpty
                ? "There is no administrator yet; create one: causeway user create-admin NAME"
                : "There are several administrators; choose one with --user: \(names.joined(separator: ", "))"
        )
    }
}

extension StringProtocol {
    /// The text without the characters at its end that a condition holds for.
    fileprivate func trimmingSuffix(while condition: (Character) -> Bool) -> SubSequence {
        self[..<(lastIndex { !condition($0) }.map { index(after: $0) } ?? startIndex)]
    }
}
