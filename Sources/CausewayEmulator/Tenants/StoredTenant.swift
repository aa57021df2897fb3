import CausewayJSON
import Foundation

/// A tenant that is about to run: its settings, and what its file tells.
struct StoredTenant {
    let settings: TenantSettings
    let kept: KeptTenant
    /// nil for a tenant that is kept in memory.
    let journal: TenantJournal?

    /// Reads a tenant's file, if it has one. Settings that were changed while it ran stay changed.
    ///
    /// - Parameters:
    ///   - given: the settings to start with; nil for those that the file tells.
    ///   - folder: where the tenants are kept; nil keeps them in memory.
    /// - Throws: ``EmulatorError`` where the file cannot be used, or the settings cannot be.
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

    /// The ids of the tenants that a folder keeps, in order.
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

    /// Notes the settings with which the tenant starts, where they are others than before.
    func keepSettings(_ given: TenantSettings, at now: Date) {
        guard given.keptJSON.text != kept.settings?.text else { return }
        journal?.append(.settings(given.keptJSON), at: now)
    }
}
