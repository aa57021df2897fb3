import CausewayJSON
import Foundation
import Synchronization

/// `/_control/…`: what tests and demonstrations ask of the tenant beside Graph.
struct ControlService {
    let graph: GraphService
    let login: LoginService
    let throttle: TenantThrottle
    let log: RequestLog
    let hold: AnswerHold
    let clock: any TenantClock

    /// Answers a call below `/_control`.
    func answer(_ call: GraphCall) -> GraphReply {
        let names = call.path.segments.compactMap { segment in
            if case .name(let name) = segment { name } else { nil }
        }
        switch (call.method, names.joined(separator: "/")) {
        case ("GET", "state"): return .ok(state)
        case ("GET", "requests"): return .ok(log.json)
        case ("POST", "reset-counters"):
            log.reset()
            return .noContent
        case ("GET", "clock"): return .ok(["now": .string(clock.now().graphText)])
        case ("POST", "clock"): return advance(call.body)
        case ("POST", "throttle"): return setThrottle(call.body)
        case ("POST", "revoke-tokens"):
            login.revokeAll()
            return .noContent
        case ("POST", "hold"): return setHold(call.body)
        case ("POST", "seed"): return seed(call.body)
        default: return Self.problem("There is no control '\(call.method) /\(names.joined(separator: "/"))'.", 404)
        }
    }

    private var state: JSONValue {
        graph.directory.withLock { directory in
            [
                "users": .integer(Int64(directory.counts[.user] ?? 0)),
                "groups": .integer(Int64(directory.counts[.group] ?? 0)),
                "memberships": .integer(Int64(directory.membershipCount)),
            ]
        }
    }

    private func advance(_ body: JSONValue?) -> GraphReply {
        guard let seconds = body?["advance_seconds"]?.integer, seconds >= 0 else {
            return Self.problem("Give {\"advance_seconds\": N} with N from 0 on.", 400)
        }
        clock.advance(by: Double(seconds))
        return .ok(["now": .string(clock.now().graphText)])
    }

    private func setThrottle(_ body: JSONValue?) -> GraphReply {
        guard let isOn = body?["on"]?.bool else { return Self.problem("Give {\"on\": true} or {\"on\": false}.", 400) }
        throttle.set(on: isOn)
        return .noContent
    }

    /// Holds answers back from a number of writes on, counted from the last reset; null lets them through again.
    private func setHold(_ body: JSONValue?) -> GraphReply {
        guard let limit = body?["after_writes"], limit.isNull || limit.integer ?? -1 >= 0 else {
            return Self.problem("Give {\"after_writes\": N} with N from 0 on, or null.", 400)
        }
        hold.set(after: limit.integer.map { Int($0) })
        return .noContent
    }

    /// Creates users and groups as if somebody had done so long ago: by Graph's own rules, uncounted and unthrottled.
    private func seed(_ body: JSONValue?) -> GraphReply {
        var made: [JSONValue] = []
        for kind in [EntryKind.user, .group] {
            for object in body?[kind.collection]?.array ?? [] {
                let call = GraphCall(method: "POST", target: "/\(kind.collection)", headers: [:], body: object)
                guard let call else { continue }
                do throws(GraphProblem) { made.append(try graph.answer(call, base: "").body?["id"] ?? .null) } catch {
                    return Self.problem("Object \(made.count + 1) is refused: \(error.message)", 400)
                }
            }
        }
        return .ok(["ids": .array(made)])
    }

    static func problem(_ message: String, _ status: Int) -> GraphReply {
        GraphReply(status: status, body: ["error": ["code": "control", "message": .string(message)]])
    }
}
