import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore

/// `causeway/providers/…`: explanations, drift, the guard, quarantine, throttling and the connection check.
enum TenantOperations {
    static let handlers: [String: APIHandler] = [
        "causeway_providers_explain_retrieve": explain, "causeway_providers_drift_list": drift,
        "causeway_providers_state_retrieve": state, "causeway_providers_guard_retrieve": guardState,
        "causeway_providers_quarantine_destroy": endQuarantine,
        "causeway_providers_check_create": check, "causeway_providers_throttle_retrieve": throttle,
        "causeway_providers_failures_list": failures,
        "causeway_providers_failures_causes_list": causes, "causeway_providers_failures_objects_list": failing,
        "causeway_connection_check_create": checkSettings,
    ]

    @Sendable private static func explain(_ request: APIRequest) async throws -> APIResponse {
        let (provider, object) = try await request.store.read { transaction in
            (
                try EntraProviderOperations.requested(request, in: transaction),
                try requestedObject(request, in: transaction)
            )
        }
        let explainer = Explainer(store: request.store, runtime: request.services.runtime)
        return .ok(try await explainer.explain(object, at: provider).json)
    }

    private static func requestedObject(_ request: APIRequest, in transaction: Transaction) throws -> ObjectReference {
        if let key = request.query.integer("user") {
            guard try transaction.user(UserID(key)) != nil else { throw APIError.notFound("User") }
            return ObjectReference(UserID(key))
        }
        guard let key = request.query.uuid("group") else {
            throw APIError.invalid("user", "Name the user or group to explain.")
        }
        guard try transaction.group(GroupID(key)) != nil else { throw APIError.notFound("Group") }
        return ObjectReference(GroupID(key))
    }

    @Sendable private static func drift(_ request: APIRequest) async throws -> APIResponse {
        let list = try ListRequest(request)
        let drifts = try await request.store.read { transaction in
            let provider = try EntraProviderOperations.requested(request, in: transaction)
            let standing = request.query.bool("standing") ?? true
            // As many as a person reads; the latest first.
            return try transaction.drifts(of: provider.id, standing: standing, before: nil, limit: 5000)
        }
        let page = drifts.dropFirst((list.page - 1) * list.pageSize).prefix(list.pageSize)
        return try list.envelope(count: drifts.count, page.map(json))
    }

    private static func json(_ named: NamedDrift) -> JSONValue {
        let drift = named.drift
        return [
            "id": .integer(drift.id), "kind": .string(drift.kind.rawValue), "name": JSONValue(named.name),
            "entra_id": .string(drift.entraID.rawValue), "attribute": .string(drift.attribute), "desired": drift.old,
            "found": drift.new, "status": .string(drift.status.rawValue), "seen": .string(APITime.text(drift.seen)),
        ]
    }

    /// The state of a provider, and what is outstanding.
    @Sendable private static func state(_ request: APIRequest) async throws -> APIResponse {
        let outstanding = try await request.store.read { transaction in
            try transaction.outstanding(of: EntraProviderOperations.requested(request, in: transaction))
        }
        return .ok(ProviderStateAnswer.json(outstanding))
    }

    @Sendable private static func guardState(_ request: APIRequest) async throws -> APIResponse {
        let json = try await request.store.read { transaction -> JSONValue in
            let provider = try EntraProviderOperations.requested(request, in: transaction)
            var filter = RunFilter()
            (filter.provider, filter.statuses) = (provider.id, [.awaitingApproval])
            let waiting = try transaction.runPage(filter, ListSlice(offset: 0, limit: 20, order: [])).rows
            let quarantine = try transaction.runState(of: provider.id).quarantine
            let allowance = try GuardAllowance(of: provider, in: transaction)
            return [
                "guard_max_count": .integer(Int64(provider.guardMaxCount)),
                "guard_max_percent": .integer(Int64(provider.guardMaxPercent)),
                "managed": .integer(Int64(allowance.managed)), "limit": .integer(Int64(allowance.limit)),
                "left": .integer(Int64(allowance.left)),
                "left_out_administrators": .integer(Int64(try transaction.leftOutAdministrators(of: provider))),
                "waiting": .array(try waiting.map { try RunAnswer.json($0, in: transaction) }),
                "quarantine": quarantine.map { Self.json(of: $0, at: transaction.now) } ?? .null,
            ]
        }
        return .ok(json)
    }

    private static func json(of quarantine: Quarantine, at now: Timestamp) -> JSONValue {
        [
            "failures": .integer(Int64(quarantine.failures)),
            "until": .string(APITime.text(quarantine.quarantinedUntil)),
            "since": .string(APITime.text(quarantine.since)), "reason": .string(quarantine.reason),
            "is_active": .bool(quarantine.isQuarantined(at: now)),
        ]
    }

    @Sendable private static func endQuarantine(_ request: APIRequest) async throws -> APIResponse {
        try await request.store.write { transaction in
            let provider = try EntraProviderOperations.requested(request, in: transaction)
            _ = try request.caller.signedIn
            try transaction.endQuarantine(of: provider.id, by: request.origin)
        }
        return .noContent
    }

    /// Signs in to the tenant and reports what works, and what is missing.
    @Sendable private static func check(_ request: APIRequest) async throws -> APIResponse {
        let provider = try await request.store.read { try EntraProviderOperations.requested(request, in: $0) }
        let check = ProviderCheck(store: request.store, runtime: request.services.runtime)
        let findings = await check.findings(on: provider)
        if findings.contains(where: { $0.subject == "tenant" && $0.level == .ok }) {
            try await request.store.write { try $0.note(.connection, of: provider.id) }
        }
        return answer(findings)
    }

    /// The same with settings that are not stored; what they leave out is the provider's. That includes its secret, but only if it
    /// would go nowhere else.
    @Sendable private static func checkSettings(_ request: APIRequest) async throws -> APIResponse {
        let body = request.object("settings") ?? [:]
        let subject = try await request.store.read { transaction in
            let stored = try request.integer("provider").map { key in
                guard let provider = try transaction.provider(ProviderID(key)) else {
                    throw UserOperations.unknownKey("provider", "\(key)")
                }
                return provider
            }
            let before = stored?.settings ?? ProviderSettings(name: "new", clientID: "", tenantID: "")
            var provider = stored ?? EntraProvider(id: ProviderID(0), settings: before)
            let input = EntraProviderInput(body: body)
            provider.settings = try input.settings(before, in: transaction)
            let own = try input.credential(for: provider.settings) ?? (stored == nil ? Secret("") : nil)
            try provider.settings.requireCredential(isEntered: own != nil, since: before)
            return try ProviderCheck.Subject(provider, isStored: stored != nil, secret: own, in: transaction)
        }
        let check = ProviderCheck(store: request.store, runtime: request.services.runtime)
        return answer(await check.findings(on: subject))
    }

    private static func answer(_ findings: [ProviderCheck.Finding]) -> APIResponse {
        .ok([
            "findings": .array(
                findings.map { finding in
                    [
                        "level": .string(finding.level.rawValue), "subject": .string(finding.subject),
                        "message": .string(finding.message),
                    ]
                }
            ),
            "is_good": .bool(!findings.contains { $0.level == .error }),
        ])
    }

    /// The number of causes if no page is requested, and the number of objects of each.
    private static let mostCauses = 50
    /// How many objects are named of each cause on a page.
    private static let examples = 10

    /// Why objects fail now, by cause, the most frequent first.
    @Sendable private static func failures(_ request: APIRequest) async throws -> APIResponse {
        let causes = try await request.store.read { transaction in
            let provider = try EntraProviderOperations.requested(request, in: transaction)
            let slice = ListSlice(offset: 0, limit: mostCauses)
            return try transaction.failureCauses(of: provider.id, slice, examples: mostCauses)
        }
        return .ok(.array(causes.rows.map(json)))
    }

    /// The same in pages.
    @Sendable private static func causes(_ request: APIRequest) async throws -> APIResponse {
        let list = try ListRequest(request)
        let cause = try cause(request.query.text("cause"))
        let kind = request.query.text("kind").flatMap(ObjectKind.init)
        let causes = try await request.store.read { transaction in
            let provider = try EntraProviderOperations.requested(request, in: transaction)
            return try transaction.failureCauses(
                of: provider.id,
                kind: kind,
                cause: cause,
                list.slice,
                examples: examples
            )
        }
        return try list.envelope(count: causes.count, causes.rows.map(json))
    }

    /// The objects that fail for one cause.
    @Sendable private static func failing(_ request: APIRequest) async throws -> APIResponse {
        let list = try ListRequest(request)
        guard let cause = try cause(request.query.text("cause")) else {
            throw APIError.invalid("cause", "Pass 'cause' exactly as the list of causes returns it.")
        }
        let objects = try await request.store.read { transaction in
            let provider = try EntraProviderOperations.requested(request, in: transaction)
            return try transaction.failingObjects(of: provider.id, for: cause, list.slice)
        }
        return try list.envelope(count: objects.count, objects.rows.map(json))
    }

    /// Reads a cause's key; nil if none is given.
    ///
    /// - Throws: ``APIError`` if it is not such a key.
    static func cause(_ text: String?) throws -> FailureCause.Key? {
        guard let text, !text.isEmpty else { return nil }
        guard let key = FailureCause.Key(text: text) else {
            throw APIError.invalid("cause", "This is not a cause as the list of causes returns it.")
        }
        return key
    }

    private static func json(_ object: FailureCause.Object) -> JSONValue {
        [
            "kind": .string(object.kind.rawValue), "object": JSONValue(object.object?.id),
            "name": .string(object.name), "message": .string(object.message),
            "seen": .string(APITime.text(object.seen)),
        ]
    }

    private static func json(_ cause: FailureCause) -> JSONValue {
        [
            "cause": .string(cause.key.text), "kind": .string(cause.key.kind.rawValue),
            "message": .string(cause.message), "remedy": .string(cause.remedy),
            "attribute": JSONValue(cause.key.attribute),
            "is_retried": .bool(cause.isPassing), "count": .integer(Int64(cause.count)),
            "first_seen": .string(APITime.text(cause.first)), "last_seen": .string(APITime.text(cause.last)),
            "next_attempt": JSONValue(cause.nextAttempt.map(APITime.text)),
            "objects": .array(cause.examples.map(json)),
        ]
    }

    /// How near Graph's limits the active clients of the provider's tenant are.
    @Sendable private static func throttle(_ request: APIRequest) async throws -> APIResponse {
        let provider = try await request.store.read { try EntraProviderOperations.requested(request, in: $0) }
        let runtime = request.services.runtime
        let sessions = await runtime.throttles.states(of: provider.id)
        return .ok([
            "is_active": .bool(!sessions.isEmpty), "limits": runtime.limits.map(\.json) ?? .null,
            "sessions": .array(sessions.map(\.json)),
        ])
    }
}

extension ThrottleLimits {
    fileprivate var json: JSONValue {
        func json(_ rate: Rate) -> JSONValue {
            ["burst": .number(rate.burst), "per_second": .number(rate.perSecond)]
        }
        return ["writes": json(writes), "units": json(units), "tenant_writes": json(tenantWrites)]
    }
}

extension ThrottleState {
    /// Pauses in seconds.
    fileprivate var json: JSONValue {
        let applications = applications.map { state -> JSONValue in
            [
                "client_id": .string(state.clientID), "writes_used": Self.json(state.writesUsed),
                "units_used": Self.json(state.unitsUsed), "pause": .number(state.pause / .seconds(1)),
                "writes_pause": .number(state.writesPause / .seconds(1)),
            ]
        }
        return [
            "applications": .array(applications), "tenant_writes_used": Self.json(tenantWritesUsed),
            "tenant_pause": .number(tenantPause / .seconds(1)), "in_flight": .integer(Int64(inFlight)),
            "window": .integer(Int64(window)), "waiting": .integer(Int64(waiting)),
        ]
    }

    private static func json(_ part: Double?) -> JSONValue { part.map { .number(max(0, $0)) } ?? .null }
}
