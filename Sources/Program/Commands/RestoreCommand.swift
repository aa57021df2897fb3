import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation

/// `causeway restore FILE`
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Brings a backup back into a data folder, after checking it.",
        discussion: """
            The server must be stopped. The directory is then as old as the backup, and the tenants are not: the next sync of \
            each provider reads the whole tenant, finds what was created after the backup, and what it would take away waits for \
            your approval.
            """
    )

    @Argument(help: "The backup, or another complete copy of a database.", completion: .file())
    var file: String
    @Option(
        help: "The file with the backup's secret key; FILE.key if that exists, otherwise the key of the data folder.",
        completion: .file()
    )
    var keyFile: String?
    @Flag(help: "Restore although the secret key is lost; afterwards: causeway config new-key.")
    var lostKey = false
    @Flag(help: "Replace the database in the data folder; it is kept under another name.")
    var replace = false
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    /// The key with which the backup's secrets are sealed.
    private struct Key {
        let text: Secret
        /// The content of the file that becomes the key file of the data folder; nil if its key stays.
        let content: [UInt8]?
    }

    func run() async throws {
        let settings = try data.settings()
        try settings.requireDatabaseFile("restore it with pg_restore, then run: causeway config mark-restored")
        let folder = try settings.openFolder()
        try folder.requireWritable()
        let lock = try FolderLock(folder)
        defer { withExtendedLifetime(lock) {} }
        let isTaken = try await Store.hasContent(at: .file(folder.database))
        guard replace || !isTaken else {
            throw UserError(
                "\(folder.path) contains a database already. Set --data to another folder, or use --replace, which keeps the present "
                    + "database under another name."
            )
        }
        let source = BackupFile(path: file)
        let key = try key(of: source, settings, folder)
        folder.removeDraft()
        defer { folder.removeDraft() }
        let summary = try copy(source, to: folder)
        try await prepare(folder, key, settings)
        let suffix = "replaced-\(Timestamp.now().text.filter(\.isNumber))"
        if let content = key.content { try folder.placeKey(content, keeping: suffix) }
        let former = try folder.placeDraft(keeping: suffix)
        report(summary, folder, former)
    }

    private func copy(_ source: BackupFile, to folder: DataFolder) throws -> DatabaseSummary {
        let summary = try DatabaseCopy(of: source.path, to: folder.draftDatabase).make(showing: "Copying the backup")
        try summary.requireKnownSchema(source.path)
        return summary
    }

    /// Opens the copy with the key, brings its schema up to date, and marks it as restored.
    private func prepare(_ folder: DataFolder, _ key: Key, _ settings: Settings) async throws {
        let store: Store
        do {
            store = try await Store.open(
                at: .file(folder.draftDatabase),
                secrets: SecretBox(keyText: key.text),
                endpoints: try settings.endpointRule(),
                accepting: lostKey ? [.lostKey] : []
            ) { present, newest in
                printError("Upgrading the copy from schema version \(present) to \(newest), which can take minutes.")
            }
        } catch let error as StoreError where error.code == .secretKey {
            throw UserError(
                "The secret key is not the one with which the secrets in \(file) are sealed. Name its file with --key-file, or set "
                    + "CAUSEWAY_SECRET_KEY. If it is lost for good: --lost-key"
            )
        }
        do { try await store.write { try $0.markRestored(by: .command) } } catch {
            try? store.close()
            throw error
        }
        try store.close()
    }

    // MARK: The key

    private func key(of source: BackupFile, _ settings: Settings, _ folder: DataFolder) throws -> Key {
        let isNext = FileManager.default.fileExists(atPath: source.keyPath)
        if let path = keyFile ?? (isNext && settings.secretKey == nil ? source.keyPath : nil) {
            guard settings.secretKey == nil else {
                throw UserError("The setting secret_key gives the key already; leave out --key-file, or the setting.")
            }
            guard let content = FileManager.default.contents(atPath: path) else {
                throw UserError("The key file \(path) cannot be read.")
            }
            return Key(text: try KeyFile(path: path).key(mayBeMade: false), content: Array(content))
        }
        if let key = settings.secretKey { return Key(text: key.value, content: nil) }
        if lostKey { return Key(text: Secret(UUID().uuidString), content: nil) }
        guard FileManager.default.fileExists(atPath: folder.keyFile) else {
            throw UserError(
                "The secret key of \(file) is missing: name its file with --key-file, put it back as \(folder.keyFile), or set "
                    + "CAUSEWAY_SECRET_KEY. If it is lost for good: --lost-key"
            )
        }
        return Key(text: try KeyFile(path: folder.keyFile).key(mayBeMade: false), content: nil)
    }

    // MARK: The result

    private func report(_ summary: DatabaseSummary, _ folder: DataFolder, _ former: String?) {
        let output = Output(output)
        if output.isJSON {
            let restored: [String: JSONValue] = [
                "database": .string(folder.database), "former": JSONValue(former),
                "last_used": JSONValue(summary.lastUsed?.text),
            ]
            return output.print(.object(restored.merging(summary.json) { own, _ in own }))
        }
        let age = summary.lastUsed.map { ", as of \($0.text)" } ?? ""
        output.print("\(folder.database) is restored: \(summary.sentence)\(age).")
        if let former { output.print("The former database is \(former); delete it when you no longer need it.") }
        output.print(
            "The next sync of each provider reads the whole tenant; what it would take away waits for your approval. To see "
                + "what it would change, run causeway plan PROVIDER before the server starts."
        )
        if lostKey { output.print("Now run: causeway config new-key") }
    }
}
