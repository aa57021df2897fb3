package import CausewayGraphTypes
import CausewayJSON
import CausewayModel
import Foundation

/// What a worker may use up.
package struct MappingLimits: Hashable, Sendable {
    /// Processes at the same time.
    package var workers = 2
    /// Objects in one message.
    package var pageSize = 100
    /// How long one object may take; a page gets this and a little more for each object.
    package var timeLimit: Duration = .seconds(2)
    /// Bytes of address space.
    package var memory = 256 << 20
    /// So many objects in a row that had to be stopped, and evaluation stops as a whole.
    package var stoppedInARow = 10

    package init() {}
}

/// Evaluates a set of mappings in sandboxed worker processes, a page of objects at a time.
///
/// A worker that loops, dies or floods is killed and replaced; its page is evaluated again object by object, so that only the
/// guilty object fails.
package actor MappingPool {
    private let set: MappingSet
    private let limits: MappingLimits
    private let command: WorkerCommand
    private let configuration: [UInt8]
    private let encoder: MappingEncoder
    private let reader: ResultReader
    private var idle: [WorkerProcess] = []
    private var busy = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var stoppedInARow = 0
    private var isShutDown = false

    private static let startLimit: Duration = .seconds(20)

    /// - Parameter launcher: the `causeway-sandbox` program; by default beside this one.
    package init(
        set: MappingSet,
        types: GraphTypes,
        python: PythonInterpreter,
        launcher: String? = nil,
        limits: MappingLimits = MappingLimits()
    ) {
        self.set = set
        self.limits = limits
        let beside = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        command = WorkerCommand(
            launcher: launcher ?? beside.appending(path: "causeway-sandbox").path,
            python: python.path,
            memory: limits.memory
        )
        configuration = set.configuration(types: types)
        let names = PropertyNames(types: types)
        encoder = MappingEncoder(
            includesGroups: set.asksForGroups,
            includesConnection: set.asksForConnection,
            names: names
        )
        reader = ResultReader(mappingSet: set, rules: PropertyRules(kind: set.kind, types: types, names: names))
    }

    /// Starts a worker and compiles the expressions.
    ///
    /// - Returns: what is wrong with expressions, by mapping; empty where all is well.
    /// - Throws: ``MappingHostError`` where no worker can be started.
    package func check() async throws -> [MappingProblem] {
        let worker = WorkerProcess(command: command)
        defer { worker.stop() }
        return try await start(worker)
    }

    /// Evaluates objects.
    ///
    /// - Returns: an outcome for each, in order.
    /// - Throws: ``MappingHostError`` where nothing can be evaluated, or `CancellationError`.
    package func evaluate(_ inputs: [MappingInput]) async throws -> [MappingOutcome] {
        let pages = stride(from: 0, to: inputs.count, by: limits.pageSize).map {
            inputs[$0..<min($0 + limits.pageSize, inputs.count)]
        }
        return try await withThrowingTaskGroup(of: (Int, [MappingOutcome]).self) { group in
            for (number, page) in pages.enumerated() {
                group.addTask { (number, try await self.evaluate(page: page)) }
            }
            var outcomes: [[MappingOutcome]] = Array(repeating: [], count: pages.count)
            for try await (number, page) in group { outcomes[number] = page }
            return outcomes.flatMap { $0 }
        }
    }

    /// Ends all workers. Call once, when no evaluation is under way any more.
    package func shutdown() {
        isShutDown = true
        idle.forEach { $0.stop() }
        idle = []
    }

    // MARK: Pages

    private func evaluate(page: ArraySlice<MappingInput>) async throws -> [MappingOutcome] {
        try Task.checkCancellation()
        do { return try await outcomes(of: page) } catch let failure as WorkerFailure {
            guard page.count > 1 else { return [try stopped(failure)] }
            var outcomes: [MappingOutcome] = []
            for place in page.indices { outcomes += try await evaluate(page: page[place...place]) }
            return outcomes
        }
    }

    /// - Throws: ``WorkerFailure`` where the worker did not survive the page.
    private func outcomes(of page: ArraySlice<MappingInput>) async throws -> [MappingOutcome] {
        let worker = try await acquire()
        // Encoding and reading are the larger part of the work on our side: not on this actor.
        let reply: [UInt8]
        do {
            reply = try await Self.exchange(page, encoder, with: worker, limits.timeLimit)
        } catch {
            release(nil)
            throw error
        }
        release(worker)
        let outcomes = try await Self.read(reply, reader)
        guard outcomes.count == page.count else { throw WorkerFailure.ended("the reply has another number of objects") }
        stoppedInARow = 0
        return outcomes
    }

    @concurrent
    private static func exchange(
        _ page: ArraySlice<MappingInput>,
        _ encoder: MappingEncoder,
        with worker: WorkerProcess,
        _ timeLimit: Duration
    ) async throws -> [UInt8] {
        try await worker.exchange(encoder.page(page), timeLimit: timeLimit + .milliseconds(20) * page.count)
    }

    @concurrent
    private static func read(_ reply: [UInt8], _ reader: ResultReader) async throws -> [MappingOutcome] {
        guard let results = try? JSONValue(parsing: reply).array else {
            throw WorkerFailure.ended("the reply is no JSON")
        }
        return results.map(reader.outcome)
    }

    /// What to say of an object that its worker did not survive.
    private func stopped(_ failure: WorkerFailure) throws -> MappingOutcome {
        stoppedInARow += 1
        let what =
            switch failure {
            case .timedOut: "it did not end within \(limits.timeLimit.components.seconds) seconds and was stopped"
            case .flooded: "it returned more data than any Entra object holds"
            case .ended: "it ended its process, or used more memory than it may"
            }
        guard stoppedInARow < limits.stoppedInARow else {
            throw MappingHostError(
                "The \(set.kind.rawValue) mappings were stopped \(stoppedInARow) times in a row (\(what)); correct them."
            )
        }
        return .failed(
            MappingProblem(
                mapping: set.mappings.count == 1 ? set.mappings[0].name : "",
                message: "\(what).",
                remedy: "Look for endless loops and large values in the expression."
            )
        )
    }

    // MARK: Workers

    private func acquire() async throws -> WorkerProcess {
        while busy >= limits.workers { await withCheckedContinuation { waiting.append($0) } }
        busy += 1
        if let worker = idle.popLast() { return worker }
        let worker = WorkerProcess(command: command)
        do {
            if let fault = try await start(worker).first {
                throw MappingHostError("\(fault.sentence) \(fault.remedy)")
            }
            return worker
        } catch {
            worker.stop()
            release(nil)
            throw error
        }
    }

    private func release(_ worker: WorkerProcess?) {
        busy -= 1
        if let worker { isShutDown ? worker.stop() : idle.append(worker) }
        if !waiting.isEmpty { waiting.removeFirst().resume() }
    }

    private func start(_ worker: WorkerProcess) async throws -> [MappingProblem] {
        do {
            let reply = try await worker.begin(
                program: PackageResources.worker_py,
                configuration: configuration,
                timeLimit: Self.startLimit
            )
            return try reader.faults(in: reply)
        } catch let failure as WorkerFailure {
            throw MappingHostError(Self.reason(failure, command))
        }
    }

    private static func reason(_ failure: WorkerFailure, _ command: WorkerCommand) -> String {
        guard case .ended(let words) = failure else {
            return "The Python interpreter \(command.python) does not answer."
        }
        return
            "Python cannot be started for mappings: \(words). Check that \(command.launcher) and \(command.python) are there."
    }
}
