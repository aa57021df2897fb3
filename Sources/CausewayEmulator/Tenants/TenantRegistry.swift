import CausewayJSON
import Foundation
import Synchronization

/// The tenants of one emulator.
final class TenantRegistry: Sendable {
    private let hosts: Mutex<[Tenant]>
    private let services: Tenant.SharedServices
    private let folder: String?

    /// Opens the tenants of the settings, and the others in the folder.
    ///
    /// - Throws: ``EmulatorError`` if there is none, two share an id, or one cannot be opened.
    init(_ settings: EmulatorSettings, _ services: Tenant.SharedServices) throws(EmulatorError) {
        guard !settings.tenants.isEmpty else {
            throw EmulatorError(description: "The settings contain no tenant; add at least one.")
        }
        var opened: [(tenant: StoredTenant, given: TenantSettings?)] = []
        var ids: Set<String> = []
        for given in settings.tenants {
            guard ids.insert(given.id.lowercased()).inserted else {
                throw EmulatorError(description: "Two tenants have the id '\(given.id)'; each needs its own.")
            }
            opened.append((try StoredTenant(given, id: given.id, folder: settings.folder), given))
        }
        for id in settings.folder.map(StoredTenant.ids) ?? [] where ids.insert(id.lowercased()).inserted {
            opened.append((try StoredTenant(nil, id: id, folder: settings.folder), nil))
        }
        Self.turn(services.clock, settings.clock, opened.map(\.tenant.kept))
        for (tenant, given) in opened { if let given { tenant.keepSettings(given, at: services.clock.now()) } }
        hosts = Mutex(opened.map { Tenant($0.tenant, services) })
        self.services = services
        folder = settings.folder
        try flush()
    }

    /// Stored tenants continue at the time at which they stopped, and never before: earlier events would be in their future.
    private static func turn(_ clock: AdvancingClock, _ settings: ClockSettings, _ kept: [KeptTenant]) {
        let latest = kept.compactMap(\.latest).max()
        let turned = kept.compactMap(\.clock).first
        if let now = settings.now.flatMap({ Date(graphText: $0) }) {
            clock.set(now)
        } else if let turned {
            clock.set(Date(timeIntervalSinceNow: turned.offset))
        }
        if let latest, latest > clock.now() || turned?.isFrozen == true { clock.set(latest) }
        if settings.isFrozen || turned?.isFrozen == true { clock.freeze(true) }
    }

    /// Signs the tokens of all tenants.
    var key: SigningKey { services.key }

    /// The time of all tenants.
    var clock: AdvancingClock { services.clock }

    var first: Tenant { hosts.withLock { $0[0] } }
    var all: [Tenant] { hosts.withLock { $0 } }

    func host(where isWanted: (Tenant) -> Bool) -> Tenant? { all.first(where: isWanted) }

    /// The tenant that the sign-in service knows by this name: its id, or one of its domains; the longest, since a sub-domain may
    /// be another's.
    func named(_ name: String) -> Tenant? {
        let all = all
        if let host = all.first(where: { $0.id.lowercased() == name.lowercased() }) { return host }
        let found = all.map { (host: $0, length: VerifiedDomains($0.live.value).match(name)) }.filter { $0.length > 0 }
        // The first of those with equal length.
        return found.max { $0.length < $1.length }.flatMap { best in found.first { $0.length == best.length } }?.host
    }

    /// Adds a tenant.
    ///
    /// - Returns: nil if there is one with that id.
    /// - Throws: ``EmulatorError`` if it cannot be opened.
    func add(_ settings: TenantSettings) throws(EmulatorError) -> Tenant? {
        let added = try hosts.withLock { hosts throws(EmulatorError) -> Tenant? in
            guard !hosts.contains(where: { $0.id.lowercased() == settings.id.lowercased() }) else { return nil }
            let tenant = try StoredTenant(settings, id: settings.id, folder: folder)
            tenant.keepSettings(settings, at: services.clock.now())
            let host = Tenant(tenant, services)
            hosts.append(host)
            return host
        }
        try added?.graph.flush()
        return added
    }

    /// Records in every tenant's file how the clock was changed, since they share it.
    func keepClock() {
        let clock = services.clock
        let kept = KeptClock(isFrozen: clock.isFrozen, offset: clock.now().timeIntervalSinceNow)
        for host in all { host.graph.keep(.clock(kept)) }
    }

    /// Writes what changed to the tenants' files.
    func flush() throws(EmulatorError) {
        for host in all { try host.graph.flush() }
    }
}

extension VerifiedDomains {
    /// The length of the domain that covers a name; 0 if none does.
    fileprivate func match(_ name: String) -> Int {
        let name = name.lowercased()
        return all.filter { name == $0.name || name.hasSuffix(".\($0.name)") }.map(\.name.count).max() ?? 0
    }
}
