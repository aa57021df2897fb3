package import CausewayJSON

/// The settings of the emulator: its address, and its tenants.
package struct EmulatorSettings: SettingRecord {
    package var host = "127.0.0.1"
    /// 0 takes any free port.
    package var port = 0
    package var tenants = [TenantSettings()]
    /// Its address for clients, if there is a proxy in front of it; without a path.
    package var publicURL: String?
    /// PEM files: the certificate, followed by its issuers, and its key.
    package var tlsCertificate: String?
    package var tlsKey: String?
    /// Where to write the certificate that is created for this run.
    package var tlsSelfMade: String?
    /// Where the tenants are stored; nil keeps them in memory.
    package var folder: String?
    package var clock = ClockSettings()
    /// Further connections wait until others have ended.
    package var mostConnections = 4096

    package init() {}

    static let fields: [SettingField<EmulatorSettings>] = [
        SettingField("host", \.host, "address to listen on"),
        SettingField("port", \.port, check: .within(0...65_535), "port to listen on; 0 takes any free one"),
        SettingField(
            "public_url",
            \.publicURL,
            "its URL for clients, if there is a proxy in front of it"
        ),
        SettingField("tls_certificate", \.tlsCertificate, "file of its certificate in PEM; none for plain connections"),
        SettingField("tls_key", \.tlsKey, "file of the certificate's key in PEM"),
        SettingField("tls_self_made", \.tlsSelfMade, "file for a certificate that is created for this run"),
        SettingField("folder", \.folder, "where the tenants are stored; none keeps them in memory"),
        SettingField("tenants", \.tenants, "the tenants"),
        SettingField("clock", \.clock, "the time at which they start"),
    ]

    /// Whether connections use TLS.
    var isSecured: Bool { tlsCertificate != nil || tlsSelfMade != nil }

    /// Applies settings from a document.
    ///
    /// - Throws: ``SettingError`` that names the invalid one.
    package mutating func apply(document: JSONValue) throws(SettingError) { try apply(document, at: "settings") }
}

/// The time at which tenants start, so that a run can be repeated to the second.
package struct ClockSettings: SettingRecord {
    /// ISO 8601; nil for the system's time.
    package var now: String?
    /// Whether the time stands still until it is changed.
    package var isFrozen = false

    package init() {}

    static let fields: [SettingField<ClockSettings>] = [
        SettingField("now", \.now, check: .time, "the time to start with, in ISO 8601; none for the system's"),
        SettingField("frozen", \.isFrozen, "whether the time stands still until it is changed"),
    ]
}

/// A setting, as the help shows it.
package struct SettingNote: Sendable {
    package let name: String
    package let standard: JSONValue
    package let help: String
}

extension TenantSettings {
    /// Every setting of a tenant, with its default.
    package static var notes: [SettingNote] {
        fields.map {
            SettingNote(name: $0.name, standard: $0.isSecret ? .null : $0.read(TenantSettings()), help: $0.help)
        }
    }

    /// Applies one setting as `NAME=JSON`; what is not JSON counts as text.
    ///
    /// - Throws: ``SettingError`` that names it.
    package mutating func apply(assignment: String) throws(SettingError) {
        let parts = assignment.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw SettingError("'\(assignment)' is not a setting; write NAME=VALUE.") }
        let value = (try? JSONValue(parsing: parts[1])) ?? .string(parts[1])
        try apply(.object([parts[0]: value]), at: "the tenant")
    }
}

extension FaultRule {
    /// Reads a rule.
    ///
    /// - Throws: ``SettingError`` that names what is wrong.
    package init(json: JSONValue) throws(SettingError) { try self.init(setting: json, named: "fault") }
}
