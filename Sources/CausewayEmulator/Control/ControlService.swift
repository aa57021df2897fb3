import CausewayJSON
import Foundation
import Synchronization

/// `/_control/…`: what tests and demonstrations ask of a tenant in addition to Graph.
struct ControlService {
    let host: Tenant

    private var graph: GraphService { host.graph }
    private var clock: AdvancingClock { host.clock }

    /// Answers a call to a control.
    func answer(_ names: [String], _ call: GraphCall) -> GraphReply {
        if call.method == "GET", names.first == "browse" {
            return BrowseService(graph: graph).answer(Array(names.dropFirst()), call)
                ?? Self.problem("There is no such object.", 404)
        }
        switch (call.method, names.joined(separator: "/")) {
        case ("GET", "state"): return .ok(state)
        case ("GET", "requests"): return .ok(host.log.json)
        case ("GET", "page"): return .ok(page)
        case ("POST", "reset-counters"):
            host.log.reset()
            return .noContent
        case ("GET", "clock"): return .ok(clockJSON)
        case ("POST", "clock"): return turnClock(call.body)
        case ("GET", "settings"): return .ok(host.live.value.settingJSON)
        case ("PATCH", "settings"): return changeSettings(call.body)
        case ("GET", "faults"): return .ok(["rules": host.live.value.faults.settingJSON, "met": host.faults.counts])
        case ("PUT", "faults"): return changeSettings(["faults": call.body ?? []])
        case ("POST", "throttle"): return setThrottle(call.body)
        case ("POST", "revoke-tokens"):
            host.login.revokeAll()
            return .noContent
        case ("POST", "reset-delta"):
            graph.resetDelta()
            return .noContent
        case ("POST", "hold"): return setHold(call.body)
        case ("POST", "seed"): return TenantSeed(graph: graph).plant(call.body)
        case ("POST", "properties"): return setProperties(call.body)
        default: return Self.problem("There is no control '\(call.method) /\(names.joined(separator: "/"))'.", 404)
        }
    }

    private var state: JSONValue {
        graph.directory.withLock { directory in
            [
                "users": .integer(Int64(directory.counts[.user] ?? 0)),
                "groups": .integer(Int64(directory.counts[.group] ?? 0)),
                "memberships": .integer(Int64(directory.membershipCount)),
                "deleted": .integer(Int64(directory.bin.count)),
            ]
        }
    }

    /// What the tenant's page shows.
    private var page: JSONValue {
        let settings = host.live.value
        guard case .object(var members) = host.log.recent else { return .null }
        members["state"] = state
        members["now"] = .string(clock.now().graphText)
        members["throttling"] = .bool(settings.throttles)
        members["gauges"] = host.ledger.gauges(tenant: settings.id, settings: settings, now: clock.now())
        members["faults"] = host.faults.counts
        members["counts"] = host.log.json
        return .object(members)
    }

    private func turnClock(_ body: JSONValue?) -> GraphReply {
        guard body?["now"] != nil || body?["advance_seconds"] != nil || body?["frozen"] != nil else {
            return Self.problem("Send 'now', 'advance_seconds' or 'frozen'.", 400)
        }
        let isFrozen = body?["frozen"].map(\.bool)
        if let isFrozen, isFrozen == nil { return Self.problem("'frozen' must be true or false.", 400) }
        var now: Date?
        if let given = body?["now"] {
            now = given.string.flatMap { Date(graphText: $0) }
            guard now != nil else { return Self.problem("'now' must be a time in ISO 8601.", 400) }
        }
        if let given = body?["advance_seconds"] {
            guard let seconds = given.double, seconds >= 0 else {
                return Self.problem("'advance_seconds' must be a number of at least 0.", 400)
            }
            now = (now ?? clock.now()).addingTimeInterval(seconds)
        }
        guard now?.isPlausible ?? true else { return Self.problem("The time must be from 1970 to 9999.", 400) }
        if let now { clock.set(now) }
        if let isFrozen = isFrozen ?? nil { clock.freeze(isFrozen) }
        return .ok(clockJSON)
    }

    private var clockJSON: JSONValue { ["now": .string(clock.now().graphText), "frozen": .bool(clock.isFrozen)] }

    private func changeSettings(_ body: JSONValue?) -> GraphReply {
        var settings = host.live.value
        do throws(SettingError) { try settings.apply(body ?? [:], at: "settings") } catch {
            return Self.problem(error.description, 400)
        }
        guard settings.id == host.id else { return Self.problem("A tenant's id cannot change.", 400) }
        host.change(settings)
        // Rules that are set again start again, even if they are the same.
        if body?["faults"] != nil { host.faults.set(settings.faults) }
        graph.keep(.changedSettings(body ?? [:]))
        return .ok(settings.settingJSON)
    }

    private func setThrottle(_ body: JSONValue?) -> GraphReply {
        guard let isOn = body?["on"]?.bool else { return Self.problem("Send {\"on\": true} or {\"on\": false}.", 400) }
        return changeSettings(["throttling": .bool(isOn)])
    }

    /// Holds answers back from a number of writes on, counted from the last reset; null releases them.
    private func setHold(_ body: JSONValue?) -> GraphReply {
        guard let limit = body?["after_writes"], limit.isNull || limit.integer ?? -1 >= 0 else {
            return Self.problem("Send {\"after_writes\": N} with N of at least 0, or null.", 400)
        }
        host.hold.set(after: limit.integer.map { Int($0) })
        return .noContent
    }

    /// Sets what cannot be set through Graph: that an object is synchronized from elsewhere, or which roles an account has.
    private func setProperties(_ body: JSONValue?) -> GraphReply {
        guard let id = body?["id"]?.string else { return Self.problem("Send the object's 'id'.", 400) }
        var changes: [String: JSONValue] = [:]
        if let isSynced = body?["onPremisesSyncEnabled"] { changes["onPremisesSyncEnabled"] = isSynced }
        if let roles = body?["directoryRoles"] { changes[ProtectedUsers.rolesProperty] = roles }
        guard !changes.isEmpty else { return Self.problem("Send 'onPremisesSyncEnabled' or 'directoryRoles'.", 400) }
        let isFound = graph.directory.withLock { directory in
            guard let index = directory.living(id) else { return false }
            directory.apply(.update(index, changes), at: clock.now())
            return true
        }
        return isFound ? .noContent : Self.problem("There is no object '\(id)'.", 404)
    }

    static func problem(_ message: String, _ status: Int) -> GraphReply {
        GraphReply(status: status, body: ["error": ["code": "control", "message": .string(message)]])
    }
}
