import Algorithms
package import CausewayGraphTypes
import CausewayJSON
import CausewayModel

/// Evaluates a set of mappings in sandboxed worker processes, a page of objects at a time.
///
/// A worker that loops, dies or floods is killed and replaced; its page is evaluated again object by object, so that only the
/// object at fault fails.
package actor MappingPool {
    private let set: MappingSet
    private let environment: MappingEnvironment
    private let directory: any DirectoryQueries
    private let configuration: [UInt8]
    private let encoder: MappingEncoder
    private let reader: ResultReader
    private let warm: WarmWorkers?
    private var idle: [WorkerProcess] = []
    private var busy = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var stoppedInARow = 0
    private var isShutDown = false

    /// - Parameters:
    ///   - directory: the directory that mappings can read.
    ///   - warm: the idle workers to take from and give back to; nil for a pool that starts and ends its own workers.
    package init(
        set: MappingSet,
        types: GraphTypes,
        environment: MappingEnvironment,
        directory: any DirectoryQueries,
        warm: WarmWorkers? = nil
    ) {
        self.set = set
        self.environment = environment
        self.directory = directory
        self.warm = warm
        configuration = set.configuration(types: types, shutsDoor: environment.protection.seccomp)
        let names = PropertyNames(types: types)
        encoder = MappingEncoder(
            contents: .init(groups: set.asksForGroups, link: set.asksForLink, times: set.asksForTimes),
            names: names
        )
        let rules = PropertyRules(kind: set.kind, types: types, names: names, policy: environment.types)
        reader = ResultReader(mappingSet: set, rules: rules)
    }

    private var limits: MappingLimits { environment.limits }

    /// Starts a worker and compiles the expressions.
    ///
    /// - Returns: the errors in expressions, by mapping; empty if there are none.
    /// - Throws: ``MappingEnvironmentError`` if no worker can be started.
    package func check() async throws -> [MappingProblem] {
        reader.faults(in: try reader.firstAnswer(await environment.begin(configuration)))
    }

    /// Starts as many workers as this many objects need, ahead of time. Errors are reported when objects are evaluated.
    package func start(for count: Int) async {
        let missing = max(0, limits.workers(for: count) - idle.count - busy)
        await withDiscardingTaskGroup { group in
            for _ in 0..<missing {
                group.addTask {
                    if let worker = try? await self.acquire().worker { await self.release(worker) }
                }
            }
        }
    }

    /// Evaluates objects.
    ///
    /// - Returns: a result for each, in order.
    /// - Throws: ``MappingEnvironmentError`` if nothing can be evaluated, or `CancellationError`.
    package func evaluate(_ inputs: [MappingInput]) async throws -> [MappingResult] {
        let size = limits.pageSize(for: inputs.count)
        let pages = inputs.chunks(ofCount: size)
        return try await withThrowingTaskGroup(of: (Int, [MappingResult]).self) { group in
            var results: [[MappingResult]] = Array(repeating: [], count: pages.count)
            for (number, page) in pages.enumerated() {
                // While workers compute, some pages are encoded and some are read.
                if number >= limits.workers * 3, let (done, page) = try await group.next() { results[done] = page }
                group.addTask { (number, try await self.evaluate(page: page)) }
            }
            for try await (number, page) in group { results[number] = page }
            return results.flatMap { $0 }
        }
    }

    /// Ends all workers. Call once, when no evaluation is in progress any more.
    package func shutdown() {
        isShutDown = true
        for worker in idle {
            if let warm { warm.keep(worker, configuration) } else { worker.stop() }
        }
        idle = []
    }

    // MARK: Pages

    private func evaluate(page: ArraySlice<MappingInput>) async throws -> [MappingResult] {
        try Task.checkCancellation()
        do { return try await results(of: page) } catch let failure as WorkerFailure {
            guard page.count > 1 else { return [MappingResult(try stopped(failure))] }
            var results: [MappingResult] = []
            for index in page.indices { results += try await evaluate(page: page[index...index]) }
            return results
        }
    }

    /// - Throws: ``WorkerFailure`` if the worker did not survive the page.
    private func results(of page: ArraySlice<MappingInput>) async throws -> [MappingResult] {
        // Encoding and reading are a large part of the work: not on this actor, and not while a worker waits for it.
        let message = await Self.encode(page, encoder)
        let reply = try await reply(to: message, count: page.count)
        let results = try await Self.read(reply, page.count, reader)
        stoppedInARow = 0
        return results
    }

    private func reply(to message: [UInt8], count: Int) async throws -> [UInt8] {
        let (worker, isWarm) = try await acquire()
        let conversation = WorkerConversation(worker: worker, encoder: encoder, directory: directory, limits: limits)
        do {
            let reply = try await conversation.reply(to: message, count: count)
            release(worker)
            return reply
        } catch {
            worker.stop()
            release(nil)
            // An idle worker can end before it gets a job.
            if isWarm, case WorkerFailure.ended = error { return try await reply(to: message, count: count) }
            throw error
        }
    }

    @concurrent
    private static func encode(_ page: ArraySlice<MappingInput>, _ encoder: MappingEncoder) async -> [UInt8] {
        encoder.page(page)
    }

    @concurrent
    private static func read(_ reply: [UInt8], _ count: Int, _ reader: ResultReader) async throws -> [MappingResult] {
        try reader.results(of: reply, count: count)
    }

    /// The result for an object that its worker did not survive.
    private func stopped(_ failure: WorkerFailure) throws -> MappingOutcome {
        stoppedInARow += 1
        let what =
            switch failure {
            case .timedOut: "it did not end within \(limits.timeLimit.components.seconds) seconds and was stopped"
            case .outputTooLarge: "it returned more data than an Entra object can hold"
            case .protocolViolation: "it wrote to the pipe that carries its results"
            case .tooManyQueries: "it asked the directory more than \(limits.questions) times"
            case .leaking(let name): "it changed '\(name)', which the mappings of all objects share"
            case .notStarted(let words): throw MappingEnvironmentError.noProcess(words)
            case .ended: "it ended its process, or used too much memory"
            }
        guard stoppedInARow < limits.stoppedInARow else {
            throw MappingEnvironmentError(
                "The \(set.kind.rawValue) mappings were stopped \(stoppedInARow) times in a row (\(what)); correct them."
            )
        }
        return .failed(
            MappingProblem(
                mapping: set.mappings.count == 1 ? set.mappings[0].name : "",
                message: "\(what).",
                remedy: failure.remedy
            )
        )
    }

    // MARK: Workers

    /// - Returns: a configured worker, and whether it comes from another pool.
    private func acquire() async throws -> (worker: WorkerProcess, isWarm: Bool) {
        while busy >= limits.workers { await withCheckedContinuation { waiting.append($0) } }
        busy += 1
        if let worker = idle.popLast() { return (worker, false) }
        if let worker = warm?.take(configuration) { return (worker, true) }
        let worker = WorkerProcess(command: WorkerCommand(environment: environment))
        do {
            if let fault = try await start(worker).first {
                throw MappingEnvironmentError("\(fault.sentence) \(fault.remedy)")
            }
            return (worker, false)
        } catch {
            worker.stop()
            release(nil)
            throw error
        }
    }

    private func release(_ worker: WorkerProcess?) {
        busy -= 1
        if let worker {
            // Well before the kernel would end it for its computing time.
            let isWornOut = worker.processorSeconds >= limits.processorSeconds / 2
            isShutDown || isWornOut ? worker.stop() : idle.append(worker)
        }
        if !waiting.isEmpty { waiting.removeFirst().resume() }
    }

    private func start(_ worker: WorkerProcess) async throws -> [MappingProblem] {
        reader.faults(in: try reader.firstAnswer(await environment.begin(configuration, on: worker)))
    }
}
