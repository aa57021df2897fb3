import CausewayGraphTypes
import CausewayJSON
import Foundation
import Synchronization

/// The parts of one tenant, and how it answers a request.
final class Tenant: Sendable {
    let live: LiveSettings
    let graph: GraphService
    let login: LoginService
    let faults: FaultInjector
    let log: RequestLog
    let hold = ResponseBarrier()
    let ledger: ThrottleLedger
    let clock: AdvancingClock
    private let observer: ExchangeObserver?
    private let random: Mutex<SeededRandom>

    /// What the tenants of one emulator share.
    struct SharedServices: Sendable {
        let types: GraphTypes
        let clock: AdvancingClock
        /// Some limits span tenants.
        let ledger = ThrottleLedger()
        let observer: ExchangeObserver?
        let key = SigningKey.ofThisProgram
    }

    init(_ tenant: StoredTenant, _ services: SharedServices) {
        let settings = tenant.settings
        live = LiveSettings(settings)
        clock = services.clock
        ledger = services.ledger
        observer = services.observer
        let graph = GraphService(
            settings: live,
            clock: clock,
            types: services.types,
            kept: tenant.kept,
            journal: tenant.journal
        )
        self.graph = graph
        login = LoginService(
            settings: live,
            clock: clock,
            key: services.key,
            principalID: { graph.principalID(ofApplication: $0) }
        )
        faults = FaultInjector(settings: settings)
        log = RequestLog(clock: clock)
        random = Mutex(SeededRandom(seed: settings.seed &+ 99))
    }

    var id: String { live.value.id }

    /// Applies other settings.
    func change(_ settings: TenantSettings) {
        live.replace(with: settings)
        graph.settingsChanged()
    }

    /// The answer to a request that cannot be read.
    func refusal(_ problem: GraphProblem, _ headers: [String: String]) -> GraphReply {
        let context = context(headers)
        var reply = context.reply(problem)
        reply.headers.merge(context.headers) { own, _ in own }
        return reply
    }

    // MARK: Sign-in

    func token(_ request: LoginService.TokenRequest) -> GraphReply {
        log.countToken()
        guard let fault = faults.fault(for: GraphCall.tokenOperation) else { return login.answer(request) }
        let refusal = fault.loginRefusal(of: request.form["client_id"] ?? "", now: login.now)
        return fault.reply(
            inPlaceOf: fault.kind.isAfterCommit ? login.answer(request) : nil,
            wrong: login.reply(refusal)
        )
    }

    // MARK: Graph

    private func context(_ headers: [String: String]) -> AnswerContext {
        AnswerContext(
            now: clock.now(),
            requestID: random.withLock { $0.uuid() },
            clientRequestID: headers["client-request-id"]
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
        var call = GraphCall(method: method, target: target, headers: headers, body: nil) ?? .unreadable(method)
        log.countRequest(isBatch: call.isBatch)
        var reply: GraphReply
        do throws(GraphProblem) {
            call.caller = try login.caller(authorization: headers["authorization"])
            guard !call.path.segments.isEmpty else { throw .malformed("The URL is invalid.") }
            if !call.isMedia { call.body = try Self.json(body) }
            reply = call.isBatch ? try answerBatch(call, base, context) : answer(call, base, context)
        } catch {
            reply = context.reply(error)
            log.countRefused(call, reply: reply)
        }
        reply.headers.merge(context.headers) { own, _ in own }
        if (try? graph.flush()) == nil { reply = context.reply(.diskFull) }
        return reply
    }

    private func answerBatch(_ call: GraphCall, _ base: String, _ context: AnswerContext) throws(GraphProblem)
        -> GraphReply
    {
        guard call.method == "POST" else { throw .methodNotAllowed }
        let (answer, _) = try struck(call.operation, context) { () throws(GraphProblem) in
            var random = random.withLock { SeededRandom(seed: $0.next()) }
            let batch = try Batch(call.body, caller: call.caller, random: &random)
            return batch.reply(throttledStatus: live.value.throttledBatchStatus) { self.answer($0, base, context) }
        }
        if !answer.isSuccess || answer.isDropped { log.countRefused(call, reply: answer) }
        return answer
    }

    /// Carries something out, unless a fault prevents it.
    ///
    /// - Returns: the answer, and the correct one, if it was carried out.
    private func struck<Problem: Error>(
        _ operation: String,
        _ context: AnswerContext,
        _ perform: () throws(Problem) -> GraphReply
    ) throws(Problem) -> (answer: GraphReply, right: GraphReply?) {
        guard let fault = faults.fault(for: operation) else {
            let right = try perform()
            return (right, right)
        }
        let right = fault.kind.isAfterCommit ? try perform() : nil
        return (fault.reply(inPlaceOf: right, wrong: context.reply(fault.graphProblem)), right)
    }

    private static func json(_ body: [UInt8]) throws(GraphProblem) -> JSONValue? {
        guard !body.isEmpty else { return nil }
        guard let json = try? JSONValue(parsing: body) else { throw .malformed("Unable to read JSON request payload.") }
        return json
    }

    /// Answers one call, alone or of a batch: charges it, applies faults, carries it out, and counts it.
    private func answer(_ call: GraphCall, _ base: String, _ context: AnswerContext) -> GraphReply {
        var call = call
        call.dropControlInformation()
        let cost = CallCost(of: call)
        let (refusal, headers) = charge(call, cost, context)
        var (answer, right) =
            refusal.map { ($0, nil) } ?? struck(call.operation, context) { perform(call, base, context) }
        answer.headers.merge(headers) { own, _ in own }
        log.count(call, cost, right: right, reply: answer)
        return answer
    }

    private func perform(_ call: GraphCall, _ base: String, _ context: AnswerContext) -> GraphReply {
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

extension GraphProblem {
    fileprivate static let diskFull = GraphProblem(
        status: 500,
        code: "Service_InternalServerError",
        message: "The emulated tenant's file cannot be written; is the disk full?"
    )
}
