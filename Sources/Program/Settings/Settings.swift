import CausewayAPI
import CausewayGraph
import CausewayMapping
import CausewayModel
import CausewayNetwork
import CausewayStore
import Foundation
import Logging
import Yams

/// The source of a setting's value, the strongest first.
enum SettingOrigin: String {
    case flag, environment, file, standard = "default"
}

/// A setting's value and its source.
struct Setting {
    let value: String
    let origin: SettingOrigin
}

/// The program's settings: flags, then `CAUSEWAY_…` variables, then `causeway.yaml` in the data folder, then defaults.
struct Settings {
    /// The folder that holds the database, the secret key and `causeway.yaml`.
    let data: Setting
    /// The address of a PostgreSQL database, which may contain a password; empty for SQLite in the data folder.
    let database: Setting
    /// `HOST:PORT` of the server.
    let listen: Setting
    /// The number of workers that evaluate mappings; empty for as many as there are cores.
    let mappingWorkers: Setting
    /// Whether mappings run if the kernel cannot confine them fully: `required` (no) or `available` (yes).
    let mappingSandbox: Setting
    /// What happens to values that Graph would refuse, if the rest can be sent without them: `lenient` or `strict`.
    let mappingTypes: Setting
    /// The number of wrong passwords or keys from one address, or for one user, before it must wait.
    let signInFailures: Setting
    /// A file of hashes of passwords that became public; empty for none.
    let breachedPasswords: Setting
    /// Whether the server takes the client's address from a proxy's header: `true` or `false`.
    let trustProxy: Setting
    /// Whether endpoints of providers may have link-local and metadata addresses: `true` or `false`.
    let allowLinkLocal: Setting
    /// The connections that the server accepts at once; empty for as many as open files allow.
    let maxConnections: Setting
    /// The connections that it accepts from one address at once.
    let maxConnectionsPerAddress: Setting
    /// The host names that it accepts, separated by commas.
    let allowedHosts: Setting
    /// The megabytes that must be free on the disk of the data folder for the server to be ready.
    let minimumFreeSpace: Setting
    /// How many days runs with their actions are kept, beyond what explains the present; 0 keeps all.
    let keepRunsDays: Setting
    /// The most actions of a provider that are kept beyond that; 0 for any number.
    let keepActions: Setting
    /// How many days events are kept; 0 keeps all.
    let keepEventsDays: Setting
    /// The most events that are kept; 0 for any number.
    let keepEvents: Setting
    /// The text from which the key for stored secrets is derived; nil to use the file `secret.key` in the data folder.
    let secretKey: (value: Secret, origin: SettingOrigin)?

    var folder: URL { URL(filePath: data.value, directoryHint: .isDirectory) }
    private var folderPath: String { folder.absoluteURL.standardized.path }
    var keyFile: URL { folder.appending(path: "secret.key") }

    /// Resolves every setting.
    ///
    /// - Parameters:
    ///   - flags: values given on the command line, by setting name.
    ///   - environment: the process's variables.
    /// - Throws: ``UserError`` for a file that cannot be read or has unknown settings.
    init(flags: [String: String?], environment: [String: String]) throws {
        let standard = Self.standard(environment)
        func resolve(_ name: String, in file: [String: String]) -> Setting {
            if let value = flags[name] ?? nil { return Setting(value: value, origin: .flag) }
            if let value = environment["CAUSEWAY_\(name.uppercased())"], !value.isEmpty {
                return Setting(value: value, origin: .environment)
            }
            if let value = file[name] { return Setting(value: value, origin: .file) }
            return Setting(value: standard[name] ?? "", origin: .standard)
        }
        data = resolve("data", in: [:])
        let file = try Self.file(at: URL(filePath: data.value).appending(path: "causeway.yaml"))
        database = resolve("database", in: file)
        listen = resolve("listen", in: file)
        mappingWorkers = resolve("mapping_workers", in: file)
        mappingSandbox = resolve("mapping_sandbox", in: file)
        mappingTypes = resolve("mapping_types", in: file)
        signInFailures = resolve("sign_in_failures", in: file)
        breachedPasswords = resolve("breached_passwords", in: file)
        trustProxy = resolve("trust_proxy", in: file)
        allowLinkLocal = resolve("allow_link_local", in: file)
        maxConnections = resolve("max_connections", in: file)
        maxConnectionsPerAddress = resolve("max_connections_per_address", in: file)
        allowedHosts = resolve("allowed_hosts", in: file)
        minimumFreeSpace = resolve("minimum_free_space", in: file)
        keepRunsDays = resolve("keep_runs_days", in: file)
        keepActions = resolve("keep_actions", in: file)
        keepEventsDays = resolve("keep_events_days", in: file)
        keepEvents = resolve("keep_events", in: file)
        let key = resolve("secret_key", in: file)
        secretKey = key.value.isEmpty ? nil : (Secret(key.value), key.origin)
    }

    private static func standard(_ environment: [String: String]) -> [String: String] {
        let home = environment["HOME"] ?? "."
        let share = environment["XDG_DATA_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "\(home)/.local/share"
        return [
            "data": "\(share)/causeway", "listen": "127.0.0.1:9000", "mapping_sandbox": "required",
            "mapping_types": "lenient",
            "sign_in_failures": "10", "trust_proxy": "false", "allow_link_local": "false", "minimum_free_space": "64",
            "max_connections_per_address": "128", "keep_runs_days": "90", "keep_actions": "1000000",
            "keep_events_days": "365", "keep_events": "1000000",
        ]
    }

    private static let namesInFile: Set<String> = [
        "database", "listen", "secret_key", "mapping_workers", "mapping_sandbox", "mapping_types", "sign_in_failures",
        "breached_passwords", "trust_proxy", "allow_link_local", "minimum_free_space", "max_connections",
        "max_connections_per_address",
        "allowed_hosts", "keep_runs_days", "keep_actions", "keep_events_days", "keep_events",
    ]

    private static func file(at url: URL) throws -> [String: String] {
        guard FileManager.default.fileExists(atPath: url.path) else { return [:] }
        guard let text = try? String(contentsOf: url, encoding: .utf8) else {
            throw UserError("The settings file \(url.path) cannot be read; check its permissions.")
        }
        let values: [String: String]
        do { values = try text.isBlank ? [:] : YAMLDecoder().decode([String: String].self, from: text) } catch {
            throw UserError("The settings file \(url.path) is not a list of 'name: value' lines; correct or remove it.")
        }
        if let unknown = values.keys.sorted().first(where: { !namesInFile.contains($0) }) {
            let known = namesInFile.sorted().joined(separator: ", ")
            throw UserError("The settings file \(url.path) has an unknown setting '\(unknown)'; known are \(known).")
        }
        return values
    }
}

extension Settings {
    /// The data folder, created if it does not exist. Permissions that are too wide are narrowed, with a line in the log.
    ///
    /// - Throws: ``UserError`` or ``StoreError`` that says what is wrong.
    func openFolder() throws -> DataFolder {
        let folder = try DataFolder(path: folderPath)
        var logger = Logger.program
        logger.logLevel = min(logger.logLevel, .warning)
        for sentence in folder.tightened { logger.warning("data folder", metadata: ["reason": "\(sentence)"]) }
        return folder
    }

    /// The database that the settings name.
    ///
    /// - Throws: ``UserError`` or ``StoreError`` if the setting is not an address.
    func databasePlace() throws -> DatabasePlace {
        guard !database.value.isEmpty else { return .file(DataFolder.database(in: folderPath)) }
        guard PostgreSQLAddress.isOne(database.value) else {
            throw UserError(
                "The setting database must be the address of a PostgreSQL database, such as postgres://USER@HOST/DATABASE, or empty "
                    + "for a file in the data folder."
            )
        }
        return .server(try PostgreSQLAddress(url: database.value))
    }

    /// Refuses a database on a server.
    ///
    /// - Parameter remedy: what to do instead.
    /// - Throws: ``UserError``, or as ``databasePlace()``.
    func requireDatabaseFile(_ remedy: String) throws {
        if case .server = try databasePlace() { throw UserError("The database is on a PostgreSQL server: \(remedy).") }
    }

    /// Opens the store.
    ///
    /// - Parameter accepted: the troubles that do not stop it, because a person accepts them.
    /// - Throws: ``UserError`` or ``StoreError`` that says what is wrong.
    func openStore(accepting accepted: Set<OpeningTrouble> = []) async throws -> Store {
        let folder = try openFolder()
        let place = try databasePlace()
        if case .file = place { try folder.requireDatabase() }
        return try await Store.open(
            at: place,
            secrets: SecretBox(keyText: try await key(in: folder, of: place)),
            endpoints: try endpointRule(),
            accepting: accepted
        ) { present, newest in
            printError("Upgrading the database from schema version \(present) to \(newest), which can take minutes.")
        }
    }

    private func key(in folder: DataFolder, of place: DatabasePlace) async throws -> Secret {
        if let secretKey { return secretKey.value }
        let file = KeyFile(path: folder.keyFile)
        if file.exists { return try file.key(mayBeMade: false) }
        // A new key together with secrets of a lost one would hide that the old key is lost.
        let hasContent = try await Store.hasContent(at: place)
        return try file.key(mayBeMade: !hasContent)
    }
}

extension Settings {
    /// The free disk space below which the server is not ready, in bytes.
    ///
    /// - Throws: ``UserError`` if a value is invalid.
    func leastFreeSpace() throws -> Int64 {
        guard let megabytes = Int64(minimumFreeSpace.value), (0...1_000_000_000).contains(megabytes) else {
            throw UserError(
                "The setting minimum_free_space must be a number of megabytes, not '\(minimumFreeSpace.value)'."
            )
        }
        return megabytes << 20
    }

    /// How much of the past is kept.
    ///
    /// - Throws: ``UserError`` if a value is invalid.
    func retention() throws -> Retention {
        func limit(_ name: String, _ setting: Setting, _ range: ClosedRange<Int>) throws -> Int? {
            guard let number = Int(setting.value), number == 0 || range.contains(number) else {
                throw UserError(
                    "The setting \(name) must be 0, for no limit, or a number from \(range.lowerBound) to \(range.upperBound), not "
                        + "'\(setting.value)'."
                )
            }
            return number == 0 ? nil : number
        }
        let (days, rows) = (1...36_500, 1000...1_000_000_000)
        return Retention(
            runAge: try limit("keep_runs_days", keepRunsDays, days).map { Retention.day * $0 },
            actions: try limit("keep_actions", keepActions, rows),
            eventAge: try limit("keep_events_days", keepEventsDays, days).map { Retention.day * $0 },
            events: try limit("keep_events", keepEvents, rows)
        )
    }

    /// Which endpoints a provider's credential may be sent to.
    ///
    /// - Throws: ``UserError`` if a value is invalid.
    func endpointRule() throws -> EndpointRule {
        guard let allows = Bool(allowLinkLocal.value) else {
            throw UserError(
                "The setting allow_link_local must be 'true' or 'false', not '\(allowLinkLocal.value)'."
            )
        }
        return EndpointRule(allowsLinkLocal: allows)
    }

    /// The network settings: the allowed addresses, and the proxy of the environment.
    ///
    /// - Throws: ``UserError`` if a value is invalid.
    func network() throws -> NetworkSettings {
        NetworkSettings(
            endpoints: try endpointRule(),
            proxies: ProxyRule(environment: ProcessInfo.processInfo.environment)
        )
    }
}

extension Settings {
    /// What evaluates mappings, as the settings say.
    ///
    /// - Throws: ``UserError`` for a value that a setting cannot have, or `MappingEnvironmentError`.
    func mappingHost() throws -> MappingEnvironment {
        let (limits, sandbox, types) = try mappingRules()
        return try MappingEnvironment.find(limits: limits, sandbox: sandbox, types: types)
    }

    private func mappingRules() throws -> (MappingLimits, SandboxPolicy, TypePolicy) {
        var limits = MappingLimits()
        if !mappingWorkers.value.isEmpty {
            guard let workers = Int(mappingWorkers.value), (1...256).contains(workers) else {
                throw UserError(
                    "The setting mapping_workers must be a number from 1 to 256, not '\(mappingWorkers.value)'."
                )
            }
            limits.workers = workers
        }
        guard let sandbox = SandboxPolicy(rawValue: mappingSandbox.value) else {
            throw UserError(
                "The setting mapping_sandbox must be 'required' or 'available', not '\(mappingSandbox.value)'."
            )
        }
        guard let types = TypePolicy(rawValue: mappingTypes.value) else {
            throw UserError("The setting mapping_types must be 'lenient' or 'strict', not '\(mappingTypes.value)'.")
        }
        return (limits, sandbox, types)
    }

    /// Checks that every setting has a valid value, whether the command uses it or not.
    ///
    /// - Throws: ``UserError`` for the first that is invalid.
    func validate() throws {
        _ = try databasePlace()
        _ = try hosts(listeningOn: ListenAddress(listen.value))
        _ = try chosenConnections()
        _ = try connectionsPerAddress()
        _ = try leastFreeSpace()
        _ = try retention()
        _ = try endpointRule()
        _ = try mappingRules()
        _ = try passwordRule()
    }
}

extension Settings {
    /// The limits of the API.
    ///
    /// - Throws: ``UserError`` for a value that a setting cannot have.
    func apiLimits() throws -> APILimits {
        var limits = APILimits()
        guard let failures = Int(signInFailures.value), failures >= 1 else {
            throw UserError("The setting sign_in_failures must be a number from 1, not '\(signInFailures.value)'.")
        }
        limits.failures = failures
        guard let trustsProxy = Bool(trustProxy.value) else {
            throw UserError("The setting trust_proxy must be 'true' or 'false', not '\(trustProxy.value)'.")
        }
        limits.trustsProxy = trustsProxy
        return limits
    }

    /// Which passwords people may set.
    ///
    /// - Throws: ``UserError`` for a list that cannot be used.
    func passwordRule() throws -> PasswordRule {
        guard !breachedPasswords.value.isEmpty else { return PasswordRule() }
        do { return PasswordRule(breached: try BreachedPasswords(path: breachedPasswords.value)) } catch {
            throw UserError(
                "The setting breached_passwords must be a file of SHA-1 hashes in ascending order, one a line, as Have I Been Pwned "
                    + "has them: \(error)."
            )
        }
    }
}

extension String {
    /// Whether it consists of white space.
    var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
