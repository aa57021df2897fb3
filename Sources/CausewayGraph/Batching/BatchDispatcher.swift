import CausewayJSON

/// Takes requests from its callers, packs them into batches, and gives each request its outcome. A request that is repeated goes into
/// a later batch and delays no other.
actor BatchDispatcher {
    typealias Outcome = Result<GraphResponse, GraphFailure>

    /// Requests that one caller waits for.
    private struct Group {
        var outcomes: [Outcome?]
        var open: Int
        let tickets: Range<Int>
        let continuation: CheckedContinuation<[Outcome], any Error>
    }

    private let exchange: GraphExchange
    private let policy: RetryPolicy
    private let ledger: RetryLedger
    private let clock = ContinuousClock()
    private var queue = BatchQueue()
    private var machines: [Int: RequestStateMachine] = [:]
    private var groups: [Int: Group] = [:]
    private var groupOf: [Int: Int] = [:]
    private var nextTicket = 0
    private var nextGroup = 0
    /// Batches that are packed and wait at the gate: few, so that a later request that may go earlier is not behind many.
    private var atGate: [BatchQueue.Kind: Int] = [:]
    /// Tickets that were taken from the queue and have no answer yet.
    private var inFlight: Set<Int> = []
    private var alarm: Task<Void, Never>?

    init(exchange: GraphExchange, policy: RetryPolicy, ledger: RetryLedger) {
        (self.exchange, self.policy, self.ledger) = (exchange, policy, ledger)
    }

    /// Sends requests and waits for all outcomes.
    ///
    /// - Returns: an outcome for each request, in order.
    /// - Throws: `CancellationError`, or what a shared budget throws. Requests in flight may then still be carried out.
    func send(_ requests: [GraphRequest]) async throws -> [Outcome] {
        guard !requests.isEmpty else { return [] }
        nextGroup += 1
        let group = nextGroup
        let deadline = clock.now + policy.patience
        let timer = Task {
            try await Task.sleep(until: deadline, clock: .continuous)
            self.expire(group)
        }
        defer { timer.cancel() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    enqueue(requests, group, deadline, continuation)
                }
            }
        } onCancel: {
            Task { await self.abandon(group) }
        }
    }

    private func enqueue(
        _ requests: [GraphRequest],
        _ group: Int,
        _ deadline: ContinuousClock.Instant,
        _ continuation: CheckedContinuation<[Outcome], any Error>
    ) {
        let first = nextTicket
        nextTicket += requests.count
        groups[group] = Group(
            outcomes: Array(repeating: nil, count: requests.count),
            open: requests.count,
            tickets: first..<nextTicket,
            continuation: continuation
        )
        for ticket in first..<nextTicket {
            groupOf[ticket] = group
            machines[ticket] = RequestStateMachine(requests[ticket - first], policy: policy, deadline: deadline)
        }
        for (index, request) in requests.enumerated() { queue.add(first + index, request) }
        pump()
    }

    // MARK: Sending

    /// Packs what may go.
    private func pump() {
        queue.wake(clock.now)
        for kind in BatchQueue.Kind.allCases {
            while atGate[kind, default: 0] <= exchange.tokens.count {
                let entries = queue.take(kind)
                guard !entries.isEmpty else { break }
                atGate[kind, default: 0] += 1
                inFlight.formUnion(entries.map(\.ticket))
                Task { await self.send(entries, kind) }
            }
        }
        setAlarm()
    }

    private func send(_ entries: [BatchQueue.Entry], _ kind: BatchQueue.Kind) async {
        let batch = GraphBatch(requests: entries.map(\.request))
        let deadline = entries.compactMap { machines[$0.ticket]?.deadline }.max() ?? clock.now
        let pass: ThrottleGate.Pass
        do { pass = try await exchange.enter(batch, before: deadline) } catch let failure as GraphFailure {
            passedGate(kind)
            return finish(entries, entries.map { _ in .failure(failure) })
        } catch {
            passedGate(kind)
            return fail(entries, error)
        }
        passedGate(kind)
        do { finish(entries, try await exchange.send(batch, pass)) } catch {
            let failure = error as? GraphFailure ?? .unanswered("the request was abandoned")
            guard failure.refusesBatch, entries.count > 1 else {
                return finish(entries, entries.map { _ in .failure(failure) })
            }
            // Graph may accept in two batches what it refuses in one.
            await sendHalves(of: entries, kind)
        }
    }

    private func sendHalves(of entries: [BatchQueue.Entry], _ kind: BatchQueue.Kind) async {
        let middle = entries.count / 2
        for half in [entries[..<middle], entries[middle...]] {
            atGate[kind, default: 0] += 1
            await send(Array(half), kind)
        }
    }

    private func passedGate(_ kind: BatchQueue.Kind) {
        atGate[kind, default: 1] -= 1
        pump()
    }

    private func finish(_ entries: [BatchQueue.Entry], _ outcomes: [Outcome]) {
        for (entry, outcome) in zip(entries, outcomes) {
            inFlight.remove(entry.ticket)
            guard var machine = machines[entry.ticket] else { continue }
            switch machine.next(after: outcome, ledger: ledger, now: clock.now) {
            case .done(let outcome): finish(entry.ticket, outcome)
            case .send(let request, let pause):
                machines[entry.ticket] = machine
                queue.again(entry.ticket, request, due: clock.now + pause)
            }
        }
        pump()
    }

    /// Packs again when a deferred request may go.
    private func setAlarm() {
        alarm?.cancel()
        alarm = nil
        guard let due = queue.nextDue else { return }
        alarm = Task {
            do { try await Task.sleep(until: due, clock: .continuous) } catch { return }
            self.pump()
        }
    }

    // MARK: Ending

    private func finish(_ ticket: Int, _ outcome: Outcome) {
        machines[ticket] = nil
        queue.finish(ticket)
        if let group = groupOf.removeValue(forKey: ticket) { report(outcome, of: ticket, to: group) }
    }

    private func report(_ outcome: Outcome, of ticket: Int, to id: Int) {
        guard let first = groups[id]?.tickets.lowerBound else { return }
        groups[id]?.outcomes[ticket - first] = outcome
        groups[id]?.open -= 1
        guard groups[id]?.open == 0, let group = groups.removeValue(forKey: id) else { return }
        group.continuation.resume(returning: group.outcomes.map { $0 ?? .failure(.notInTime) })
    }

    /// Ends what a caller still waits for at the end of its time. Requests in flight get their answer, but no repetition.
    private func expire(_ id: Int) {
        guard let tickets = groups[id]?.tickets else { return }
        for ticket in tickets where machines[ticket] != nil && !inFlight.contains(ticket) {
            finish(ticket, .failure(.notInTime))
        }
        // Requests of others may have waited for these.
        pump()
    }

    /// Removes a caller that no longer waits.
    private func abandon(_ id: Int) { end(id, CancellationError()) }

    /// Ends all callers of requests that may not be sent, because what counts them does not answer.
    private func fail(_ entries: [BatchQueue.Entry], _ error: any Error) {
        for entry in entries { inFlight.remove(entry.ticket) }
        for group in Set(entries.compactMap { groupOf[$0.ticket] }) { end(group, error) }
    }

    private func end(_ id: Int, _ error: any Error) {
        guard let group = groups.removeValue(forKey: id) else { return }
        for ticket in group.tickets where machines[ticket] != nil { finish(ticket, .failure(.notInTime)) }
        group.continuation.resume(throwing: error)
        pump()
    }
}
