import CausewayAPI
import CausewayMapping
import CausewayModel
import CausewayNetwork
import CausewayStore
import Foundation
import Yams

/// Where a setting's value came from, the strongest first.
enum SettingOrigin: String {
    case flag, environment, file, standard = "default"
}

/// A setting's value, and where it came from.
struct Setting {
    let value: String
    let origin: SettingOrigin
}

/// What the program runs with: flags, then `CAUSEWAY_…` variables, then `causeway.yaml` in the data folder, then defaults.
struct Settings {
    /// The folder that holds the database, the secret key and `causeway.yaml`.
    let data: Setting
    /// A `postgres://` URL, or empty for SQLite in the data folder.
    let database: Setting
    /// `HOST:PORT` of the server.
    let listen: Setting
    /// How many processes evaluate mappings; empty for as many as there are cores.
    let mappingWorkers: Setting
    /// What is done where the kernel cannot confine mappings fully: `required` or `available`.
    let mappingSandbox: Setting
    /// How many wrong passwords or keys from one address, or for one user, before it must wait.
    let signInFailures: Setting
    /// Whether a proxy before the server says who the client is: `true` or `false`.
    let trustProxy: Setting
    /// Whether endpoints of providers may have link-local and metadata addresses: `true` or `false`.
    let allowLinkLocal: Setting
    /// Text from which the key for stored secrets is made; nil to use the file `secret.key` in the data folder.
    let secretKey: (value: Secret, origin: SettingOrigin)?

    var folder: URL { URL(filePath: data.value, directoryHint: .isDirectory) }
    var databaseFile: URL { folder.appending(path: "causeway.db") }
    var configurationFile: URL { folder.appending(path: "causeway.yaml") }

    /// Resolves every setting.
    ///
    /// - Parameters:
    ///   - flags: values given on the command line, by setting name.
    ///   - environment: the process's variables.
    /// - Throws: ``UserError`` for a file that cannot be read or has settings nobody knows.
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
        signInFailures = resolve("sign_in_failures", in: file)
        trustProxy = resolve("trust_proxy", in: file)
        allowLinkLocal = resolve("allow_link_local", in: file)
        let key = resolve("secret_key", in: file)
        secretKey = key.value.isEmpty ? nil : (Secret(key.value), key.origin)
    }

    private static func standard(_ environment: [String: String]) -> [String: String] {
        let home = environment["HOME"] ?? "."
        let share = environment["XDG_DATA_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "\(home)/.local/share"
        return [
            "data": "\(share)/causeway", "listen": "127.0.0.1:9000", "mapping_sandbox": "required",
            "sign_in_failures": "10", "trust_proxy": "false", "allow_link_local": "false",
        ]
    }

    private static let namesInFile: Set<String> = [
        "database", "listen", "secret_key", "mapping_workers", "mapping_sandbox", "sign_in_failures",
        "trust_proxy", "allow_link_local",
    ]

    private static func file(at url: URL) throws -> [String: String] {
        guard FileManager.default.fileExists(atPath: url.path) else { return [:] }
        guard let text = try? String(contentsOf: url, encoding: .utf8) else {
            throw UserError("The settings file \(url.path) cannot be read; check who may read it.")
        }
        let values: [String: String]
        do { values = try text.isBlank ? [:] : YAMLDecoder().decode([String: String].self, from: text) } catch {
            throw UserError("The settings file \(url.path) is no list of 'name: value' lines; correct or remove it.")
        }
        if let unknown = values.keys.sorted().first(where: { !namesInFile.contains($0) }) {
            let known = namesInFile.sorted().joined(separator: ", ")
            throw UserError("The settings file \(url.path) has an unknown setting '\(unknown)'; known are \(known).")
        }
        return values
    }
}

extension Settings {
    /// Opens the store in the data folder, which is made if it is not there.
    ///
    /// - Throws: ``UserError`` or ``StoreError`` that says what is in the way.
    func openStore() async throws -> Store {
        guard database.value.isEmpty else {
            throw UserError("PostgreSQL is not supported yet: leave the setting 'database' empty.")
        }
        do {
            try FileManager.default.createDirectory(
                at: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw UserError("The data folder \(folder.path) cannot be made; check who may write there, or give --data.")
        }
        let box =
            try secretKey.map { try SecretBox(keyText: $0.value) }
            ?? SecretBox(keyFile: folder.appending(path: "secret.key").path)
        return try await Store.open(path: databaseFile.path, secrets: box, endpoints: try endpointRule())
    }

    /// Which endpoints a provider's credential may be sent to.
    ///
    /// - Throws: ``UserError`` for a value that the setting cannot have.
    func endpointRule() throws -> EndpointRule {
        guard let allows = Bool(allowLinkLocal.value) else {
            throw UserError(
                "The setting allow_link_local must be 'true' or 'false', not '\(allowLinkLocal.value)'."
            )
        }
        return EndpointRule(allowsLinkLocal: allows)
    }
}

extension Settings {
    /// What evaluates mappings, as the settings say.
    ///
    /// - Throws: ``UserError`` for a value that a setting cannot have, or `MappingHostError`.
    func mappingHost() throws -> MappingHost {
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
        return try MappingHost.find(limits: limits, sandbox: sandbox)
    }
}

extension Settings {
    /// How much the API lets itself be asked for.
    ///
    /// - Throws: ``UserError`` for a value that a setting cannot have.
    func apiLimits() throws -> APILimits {
        var limits = APILimits()
        guard let failures = Int(signInFailures.value), failures >= 1 else {
            throw UserError("The setting sign_in_failures must be a number from 1 on, not '\(signInFailures.value)'.")
        }
        limits.failures = failures
        guard let trustsProxy = Bool(trustProxy.value) else {
            throw UserError("The setting trust_proxy must be 'true' or 'false', not '\(trustProxy.value)'.")
        }
        limits.trustsProxy = trustsProxy
        return limits
    }
}

extension String {
    /// Whether there is nothing but white space.
    var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
