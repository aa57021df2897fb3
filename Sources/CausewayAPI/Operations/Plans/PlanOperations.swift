import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import HTTPTypes

/// `causeway/…/runs/` and `plans/`: what a sync would do, what it did, and the decisions of people about it.
enum PlanOperations {
    static let handlers: [String: APIHandler] = [
        "causeway_providers_runs_list": list, "causeway_providers_plans_create": create,
        "causeway_runs_retrieve": retrieve, "causeway_runs_actions_list": actions,
        "causeway_runs_diff_retrieve": difference, "causeway_runs_events_retrieve": events,
        "causeway_runs_approve_create": approve, "causeway_runs_reject_create": reject,
        "causeway_runs_cancel_create": cancel, "causeway_runs_apply_create": apply,
        "causeway_providers_retry_create": retry,
    ]

    @Sendable private static func list(_ request: APIRequest) async throws -> APIResponse {
        let list = try ListRequest(request)
        let (count, runs) = try await request.store.read { transaction in
            var filter = RunFilter()
            filter.provider = try EntraProviderOperations.requested(request, in: transaction).id
            let page = try transaction.runPage(filter, list.slice)
            return (page.count, try page.rows.map { try RunAnswer.json($0, in: transaction) })
        }
        return try list.envelope(count: count, runs)
    }

    @Sendable private static func retrieve(_ request: APIRequest) async throws -> APIResponse {
        .ok(try await request.store.read { try RunAnswer.whole(try requested(request, in: $0), in: $0) })
    }

    @Sendable private static func actions(_ request: APIRequest) async throws -> APIResponse {
        let list = try ListRequest(request)
        var filter = ActionFilter()
        filter.statuses = try words("outcome", request)
        filter.verbs = try words("action", request)
        filter.kind = try request.query.text("kind").flatMap { text in
            guard !text.isEmpty else { return nil }
            guard let kind = ObjectKind(rawValue: text) else { throw unknownWord("kind", text) }
            return kind
        }
        filter.terms = list.terms
        let (count, actions) = try await request.store.read { [filter] transaction in
            let run = try requested(request, in: transaction)
            let page = try transaction.actionPage(of: run.id, filter, list.slice)
            return (page.count, page.rows.map(\.json))
        }
        return try list.envelope(count: count, actions)
    }

    @Sendable private static func difference(_ request: APIRequest) async throws -> APIResponse {
        let comparison = try await request.store.read { transaction in
            guard let other = try request.path.uuid("other").flatMap({ try transaction.run(RunID($0)) }) else {
                throw APIError.notFound("Run")
            }
            return try transaction.comparePlans(try requested(request, in: transaction).id, other.id, limit: 100)
        }
        return .ok(comparison.json)
    }

    /// Begins a plan; it continues after the answer, and its events can be followed.
    @Sendable private static func create(_ request: APIRequest) async throws -> APIResponse {
        let provider = try await request.store.read { try EntraProviderOperations.requested(request, in: $0) }
        return try await start(
            RunInstruction(provider.id, trigger: .preview, mode: .planOnly),
            "plan",
            provider,
            request
        )
    }

    /// Applies a plan that was shown, if a new one would be the same.
    @Sendable private static func apply(_ request: APIRequest) async throws -> APIResponse {
        let (plan, provider) = try await request.store.read { transaction in
            let plan = try requested(request, in: transaction)
            guard let provider = try transaction.provider(plan.provider) else { throw APIError.notFound("Provider") }
            return (plan, provider)
        }
        let instruction = RunInstruction(plan.provider, trigger: .manual, mode: .applyPlan(plan.id))
        return try await start(instruction, "apply", provider, request)
    }

    /// - Parameter mode: what the run is for, as its event says.
    private static func start(
        _ instruction: RunInstruction,
        _ mode: String,
        _ provider: EntraProvider,
        _ request: APIRequest
    ) async throws -> APIResponse {
        do {
            let run = try await request.services.runs.start(instruction).run
            try await request.recordRun(run.id, mode, of: provider)
            let json = try await request.store.read { try RunAnswer.json(run, in: $0) }
            return APIResponse(status: .created, content: .json(json))
        } catch let error as ProviderBusyError {
            throw APIError.detail(.conflict, "\(error)")
        } catch {
            throw APIError.invalid("non_field_errors", "\(error)")
        }
    }

    /// The values of a filter; an unknown one is refused, since without it the filter would find something else.
    private static func words<Word: RawRepresentable<String> & CaseIterable>(_ name: String, _ request: APIRequest)
        throws
        -> [Word]
    {
        try request.query.texts(name).map { text in
            guard let word = Word(rawValue: text) else { throw unknownWord(name, text) }
            return word
        }
    }

    private static func unknownWord(_ name: String, _ text: String) -> APIError {
        APIError.invalid(name, "Select a valid choice. \(text) is not one of the available choices.")
    }

    /// Syncs now what fails, all of it or what fails for one cause. Many objects are tried again by a full sync, which is faster then.
    @Sendable private static func retry(_ request: APIRequest) async throws -> APIResponse {
        let (provider, objects) = try await request.store.read { transaction in
            let provider = try EntraProviderOperations.requested(request, in: transaction)
            let objects = try transaction.failingObjects(
                of: provider.id,
                for: try TenantOperations.cause(request.text("cause")),
                message: request.text("message"),
                limit: .max
            )
            return (provider, objects)
        }
        guard !objects.isEmpty else {
            let field = request.text("cause") == nil ? "message" : "cause"
            throw APIError.invalid(field, "No object fails for this cause that could be synced by itself.")
        }
        guard objects.count > retryLimit else {
            let selection = PlanSelection.changes(ChangedObjects(objects))
            let instruction = RunInstruction(provider.id, trigger: .manual, mode: .apply, selection: selection)
            return try await start(instruction, "retry", provider, request)
        }
        // The person wants what Entra has refused to be sent again.
        let instruction = RunInstruction(provider.id, trigger: .manual, mode: .apply, retriesRefusals: true)
        return try await start(instruction, "retry", provider, request)
    }

    /// The maximum number of objects that are synced again by themselves.
    private static let retryLimit = 5000

    @Sendable private static func approve(_ request: APIRequest) async throws -> APIResponse {
        try await decide(request) { approvals, run, origin in
            _ = try await approvals.approve(run.id, by: origin)
        }
    }

    @Sendable private static func reject(_ request: APIRequest) async throws -> APIResponse {
        try await decide(request) { approvals, run, origin in try await approvals.reject(run.id, by: origin) }
    }

    /// Ends a run in progress. The answer may come while the run still settles what is in flight.
    @Sendable private static func cancel(_ request: APIRequest) async throws -> APIResponse {
        let run = try await request.store.read { try requested(request, in: $0) }
        do {
            _ = try request.caller.signedIn
            try await request.services.runs.cancel(run.id, by: request.origin)
        } catch let error as ProvisioningError {
            throw APIError.detail(.conflict, error.description)
        }
        return try await retrieve(request)
    }

    private static func decide(_ request: APIRequest, _ decision: (Approvals, Run, EventOrigin) async throws -> Void)
        async throws
        -> APIResponse
    {
        let run = try await request.store.read { try requested(request, in: $0) }
        do {
            _ = try request.caller.signedIn
            try await decision(Approvals(store: request.store), run, request.origin)
        } catch let error as ProvisioningError {
            throw APIError.detail(.conflict, error.description)
        }
        return try await retrieve(request)
    }

    /// The run as it continues: an event whenever it has changed, until it ends.
    @Sendable private static func events(_ request: APIRequest) async throws -> APIResponse {
        let run = try await request.store.read { try requested(request, in: $0) }
        return APIResponse(status: .ok, content: .events(RunEvents(run: run.id, store: request.store).stream))
    }

    private static func requested(_ request: APIRequest, in transaction: Transaction) throws -> Run {
        guard let key = request.path.uuid("run"), let run = try transaction.run(RunID(key)) else {
            throw APIError.notFound("Run")
        }
        return run
    }
}
