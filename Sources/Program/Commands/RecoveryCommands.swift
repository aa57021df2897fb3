import ArgumentParser
import CausewayModel
import CausewayStore
import Foundation

/// `causeway config new-key`
struct NewKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new-key",
        abstract: "Creates a new secret key if the old one is lost, and deletes what was sealed with the old one.",
        discussion: """
            Credentials of providers and authenticators are deleted and must be set again; API tokens and passwords stay \
            valid. The new key is that of CAUSEWAY_SECRET_KEY, or else a new file secret.key; the old file is kept as \
            secret.key.former.
            """
    )

    @OptionGroup var data: DataOptions

    func run() async throws {
        let settings = try data.settings()
        let folder = try settings.openFolder()
        let lock = try FolderLock(folder)
        defer { withExtendedLifetime(lock) {} }
        guard try await isKeyLost(settings) else {
            throw UserError("The secret key matches this database; nothing was changed.")
        }
        if settings.secretKey == nil { _ = try KeyFile(path: folder.keyFile).replace() }
        let store = try await settings.openStore(accepting: [.lostKey])
        let providers = try await store.write { try $0.forgetSecrets() }
        try store.close()
        print("There is a new secret key. All authenticators were removed.")
        for name in providers { print("Enter the credential again: causeway provider update '\(name)'") }
    }

    private func isKeyLost(_ settings: Settings) async throws -> Bool {
        do {
            try await settings.openStore().close()
            return false
        } catch let error as StoreError where error.code == .secretKey {
            return true
        }
    }
}

/// `causeway config accept-copy`
struct AcceptCopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept-copy",
        abstract: "Accepts a database that was copied without its write-ahead log and lacks the latest writes.",
        discussion: "The next sync reads the tenant and continues from what it finds there."
    )

    @OptionGroup var data: DataOptions

    func run() async throws {
        try await data.settings().openStore(accepting: [.incompleteCopy]).close()
        print("The database is accepted as it is.")
    }
}

/// `causeway config mark-restored`
struct MarkRestoredCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mark-restored",
        abstract: "Says that the database was restored from a backup by other means than `causeway restore`.",
        discussion: """
            `causeway restore` says so itself. The next sync of each provider reads the whole tenant, and what it would take \
            away waits for your approval. Run it before the server starts.
            """
    )

    @OptionGroup var data: DataOptions

    func run() async throws {
        let settings = try data.settings()
        let lock = try FolderLock(settings.openFolder())
        defer { withExtendedLifetime(lock) {} }
        try await data.withStore { store in try await store.write { try $0.markRestored(by: .command) } }
        print("The next sync of each provider reads the whole tenant; what it would take away waits for your approval.")
    }
}
