import CausewayGraphTypes
package import CausewayJSON
import Foundation
import Synchronization

/// The parts of one tenant, and how a request to it is answered.
final class TenantHost: Sendable {
    let live: LiveSettings
    let graph: GraphService
    let login: LoginService
    let faults: FaultInjector
    let log: RequestLog
    let hold = AnswerHold()
    let ledger: ThrottleLedger
    let clock: any TenantClock
    private let observer: ExchangeObserver?
    private let random: Mutex<SeededRandom>

    /// What the tenants of one emulator share.
    struct Surroundings: Sendable {
        let types: GraphTypes
        let clock: any TenantClock
        /// Some limits span tenants.
        let ledger = ThrottleLedger()
        let observer: ExchangeObserver?
    }

    init(_ tenant: OpenedTenant, _ surroundings: Surroundings) {
        let settings = tenant.settings
        live = LiveSettings(settings)
        clock = surroundings.clock
        ledger = surroundings.ledger
        observer = surroundings.observer
        graph = GraphService(
            settings: live,
            clock: clock,
            types: surroundings.types,
            kept: tenant.kept,
            journal: tenant.journal
        )
        login = LoginService(settings: live, domains: VerifiedDomains(settings), clock: clock)
        faults = FaultInjector(settings: settings)
        log = RequestLog(clock: clock)
        random = Mutex(SeededRandom(seed: settings.seed &+ 99))
    }

    var id: String { live.value.id }

    /// Puts other settings in place.
    func change(_ settings: TenantSettings) {
        let areFaultsNew = settings.faults.settingJSON != live.value.faults.settingJSON
        live.replace(with: settings)
        if areFaultsNew { faults.set(settings.faults) }
        graph.settingsChanged()
    }

    /// An answer to a request that cannot even be read.
    func refusal(_ problem: GraphProblem, _ headers: [String: String]) -> GraphReply {
        let context = context(headers)
        var reply = context.reply(problem)
        reply.headers.merge(context.headers) { own, _ in own }
        return reply
    }

    // MARK: Log-in

    func token(_ request: LoginService.TokenRequest) -> GraphReply {
        log.countToken()
        guard let fault = faults.fault(for: "POST /token") else { return login.answer(request) }
        let context = context([:])
        let reply = fault.reply(inPlaceOf: fault.kind.isAfterCommit ? login.answer(request) : nil, context)
        guard reply.status >= 500 else { return reply }
        return GraphReply(
            status: reply.status,
            headers: reply.headers,
            body: [
                "error": "temporarily_unavailable", "error_codes": [90033],
                "error_description": "AADSTS90033: A transient error has occurred. Please try again.",
            ]
        )
    }

    // MARK: Graph

    private func context(_ headers: [String: String]) -> AnswerContext {
        AnswerContext(
            now: clock.now(),
            requestID: random.withLock { $0.uuid() },
            clientRequestID: headers["client-request-id"] ?? ""
        )
    }

    /// Answers a request to Graph.
    ///
    /// - Parameters:
    ///   - target: path and query below the version.
    ///   - headers: by lower-case name.
    ///   - base: the URL of the version.
    func graphReply(
        _ method: String,
        _ target: String,
        _ headers: [String: String],
        _ body: [UInt8],
        base: String
    ) -> GraphReply {
        let context = context(headers)
        var reply: GraphReply
        do throws(GraphProblem) {
            let caller = try login.caller(authorization: headers["authorization"])
            reply = try answer(method, target, headers, body, caller, base, context)
        } catch {
            reply = context.reply(error)
            if error.status == 401 {
                reply.headers["WWW-Authenticate"] =
                    "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", "
                    + "client_id=\"00000003-0000-0000-c000-000000000000\""
            }
        }
        reply.headers.merge(context.headers) { own, _ in own }
        if (try? graph.flush()) == nil { reply = context.reply(.diskFull) }
        return reply
    }

    private func answer(
        _ method: String,
        _ target: String,
        _ headers: [String: String],
        _ body: [UInt8],
        _ caller: Caller,
        _ base: String,
        _ context: AnswerContext
    ) throws(GraphProblem) -> GraphReply {
        let json = try Self.json(body)
        guard target == "/$batch" else {
            log.countRequest(isBatch: false)
            guard var call = GraphCall(method: method, target: target, headers: headers, body: json) else {
                throw .malformed("The URL is invalid.")
            }
            call.caller = caller
            return answer(call, base, context)
        }
        log.countRequest(isBatch: true)
        guard method == "POST" else { throw .methodNotAllowed }
        let fault = faults.fault(for: "POST /$batch")
        if let fault, !fault.kind.isAfterCommit { return fault.reply(inPlaceOf: nil, context) }
        let entries = try BatchService.entries(of: json, caller: caller)
        var order = random.withLock { SeededRandom(seed: $0.next()) }
        let throttledStatus = live.value.throttledBatchStatus
        let reply = BatchService.reply(entries, throttledStatus: throttledStatus, random: &order) {
            answer($0, base, context)
        }
        return fault?.reply(inPlaceOf: reply, context) ?? reply
    }

    private static func json(_ body: [UInt8]) throws(GraphProblem) -> JSONValue? {
        guard !body.isEmpty else { return nil }
        guard let json = try? JSONValue(parsing: body) else { throw .malformed("Unable to read JSON request payload.") }
        return json
    }

    /// Answers one call, alone or of a batch: charged, perhaps struck by a fault, carried out, and counted.
    private func answer(_ call: GraphCall, _ base: String, _ context: AnswerContext) -> GraphReply {
        let cost = CallCost(of: call)
        var (reply, headers) = charge(call, cost, context)
        if reply == nil {
            let fault = faults.fault(for: call.operation)
            let isCarriedOut = fault?.kind.isAfterCommit ?? true
            let right = isCarriedOut ? carryOut(call, base, context) : nil
            reply = fault?.reply(inPlaceOf: right, context) ?? right
            log.countWrite(call, right: right, cost)
        }
        var answer = reply ?? context.reply(.methodNotAllowed)
        answer.headers.merge(headers) { own, _ in own }
        log.count(call, cost, reply: answer)
        return answer
    }

    private func carryOut(_ call: GraphCall, _ base: String, _ context: AnswerContext) -> GraphReply {
        do throws(GraphProblem) {
            let reply = try graph.answer(call, base: base)
            observer?(Exchange(call, reply))
            return reply
        } catch {
            let reply = context.reply(error)
            observer?(Exchange(call, reply))
            return reply
        }
    }

    private func charge(_ call: GraphCall, _ cost: CallCost, _ context: AnswerContext) -> (
        GraphReply?, [String: String]
    ) {
        var headers = ["x-ms-resource-unit": "\(Int(cost.units))"]
        let settings = live.value
        guard settings.throttles else { return (nil, headers) }
        let account = ThrottleLedger.Account(
            tenant: settings.id,
            application: call.caller.clientID,
            userCount: settings.size == .automatic ? graph.directory.withLock { $0.counts[.user] ?? 0 } : 0,
            settings: settings
        )
        let (refusal, used) = ledger.charge(cost, to: account, now: context.now)
        if used > 0.8 { headers["x-ms-throttle-limit-percentage"] = String(format: "%.2f", min(used, 1.8)) }
        let reply = refusal?.reply(
            tenant: settings.id,
            application: call.caller.clientID,
            date: context.now,
            requestID: context.requestID
        )
        return (reply, headers)
    }
}

/// A call that was carried out, with its answer: what tests check against Graph's types.
package struct Exchange: Sendable {
    package let method: String
    /// Below the version, with its query.
    package let operation: String
    package let request: JSONValue?
    package let status: Int
    package let response: JSONValue?

    init(_ call: GraphCall, _ reply: GraphReply) {
        method = call.method
        operation = call.operation
        request = call.body
        status = reply.status
        response = reply.body
    }
}

/// Told of every exchange.
package typealias ExchangeObserver = @Sendable (Exchange) -> Void

extension GraphProblem {
    fileprivate static let diskFull = GraphProblem(
        status: 500,
        code: "Service_InternalServerError",
        message: "The emulated tenant's file cannot be written; is the disk full?"
    )
}
