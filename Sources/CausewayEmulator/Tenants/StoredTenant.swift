import CausewayJSON
import Foundation

/// A tenant that is about to run: its settings, and the content of its file.
struct StoredTenant {
    let settings: TenantSettings
    let kept: KeptTenant
    /// Nil for a tenant in memory.
    let journal: TenantJournal?

    /// Reads a tenant's file, if it has one. Settings that were changed while it ran stay changed.
    ///
    /// - Parameters:
    ///   - given: the settings to start with; nil for those of the file.
    ///   - folder: where the tenants are stored; nil keeps them in memory.
    /// - Throws: ``EmulatorError`` if the file cannot be used, or the settings are invalid.
    init(_ given: TenantSettings?, id: String, folder: String?) throws(EmulatorError) {
        guard UUID(uuidString: id) != nil else {
            throw EmulatorError(description: "The tenant's id '\(id)' must be a UUID.")
        }
        journal = try folder.map { folder throws(EmulatorError) in
            try TenantJournal(at: URL(filePath: folder).appending(path: "\(id.lowercased()).\(Self.suffix)"))
        }
        kept = try journal?.replay() ?? KeptTenant()
        settings = try Self.settings(given, id, kept)
        for certificate in settings.applications.flatMap(\.certificates) {
            _ = try RegisteredCertificate(pem: certificate)
        }
    }

    private static let suffix = "jsonl"

    /// The ids of the tenants in a folder, in order.
    static func ids(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".\(suffix)") }.map { String($0.dropLast(suffix.count + 1)) }
            .filter { UUID(uuidString: $0) != nil }.sorted()
    }

    private static func settings(_ given: TenantSettings?, _ id: String, _ kept: KeptTenant) throws(EmulatorError)
        -> TenantSettings
    {
        var settings = given ?? TenantSettings()
        do throws(SettingError) {
            if given == nil, let told = kept.settings { try settings.apply(told, at: "the tenant's file") }
            try settings.apply(.object(kept.changedSettings), at: "the tenant's file")
        } catch {
            throw EmulatorError(description: "The file of tenant \(id) cannot be used: \(error)")
        }
        settings.id = id
        return settings
    }

    /// Records the settings with which the tenant starts, if they differ from the previous ones.
    func keepSettings(_ given: TenantSettings, at now: Date) {
        guard given.keptJSON.text != kept.settings?.text else { return }
        journal?.append(.settings(given.keptJSON), at: now)
    }
}
