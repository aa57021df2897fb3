import CausewayAPI
import CausewayJSON
import HTTPTypes

/// Providers: their list, their forms, their overview, and their runs.
struct ProviderPages: Sendable {
    let texts: Texts

    private static let list = ListDefinition<ProviderView>(
        key: "providers",
        address: .providers,
        source: "/providers/microsoft_entra/",
        columns: [
            .init("name", .name { $0.name }, ordering: "name"),
            .init("application", .text { $0.assignedBackchannelApplicationName }),
            .init("tenant", .code { $0.tenantId }, ordering: "tenant_id"), .init("dry_run", .flag { $0.dryRun }),
        ]
    )

    private static let creation = Address.providers.create("microsoft-entra")

    private var forms: FormPages {
        FormPages(
            definition: ProviderForm.definition,
            place: "providers",
            address: .providers,
            collection: "/providers/microsoft_entra/",
            creation: Self.creation,
            createWord: "finish",
            preview: ConnectionFindings.preview(texts),
            check: { ProviderForm.check(&$0, texts) },
            texts: texts
        )
    }

    var routes: [PageRoute] {
        let list = ListView(definition: Self.list, texts: texts)
        let choice = TypePicker(
            place: "providers",
            address: .providers,
            types: "/providers/all/types/",
            pages: ["ak-provider-microsoft-entra-form": Self.creation],
            texts: texts
        )
        let one = Address.provider("{id}")
        return [
            PageRoute(.get, .providers) { try await list.page($0) },
            PageRoute(.get, one) { try await overview($0) },
            PageRoute(.post, one.sync) { try await sync($0) },
            PageRoute(.post, one("plan")) { try await plan($0) },
            PageRoute(.post, one("check")) { try await check($0) },
            PageRoute(.post, one("end-quarantine")) { try await endQuarantine($0) },
            PageRoute(.post, one("pause")) { try await setPaused(true, $0) },
            PageRoute(.post, one("resume")) { try await setPaused(false, $0) },
        ] + choice.routes + forms.routes + ProviderTabs(texts: texts).routes
            + SchedulePage(texts: texts).routes + LinkPages(texts: texts).routes
    }

    // MARK: Overview

    private func overview(_ request: PageRequest) async throws -> PageResponse {
        let id = request.value("id").urlPathPart
        async let overview = request.api.get("/causeway/providers/\(id)/overview/", as: OverviewView.self)
        let answer = await request.api.send(.get, "/providers/microsoft_entra/\(id)/")
        let provider = try answer.expected(as: ProviderView.self)
        let frame = ProviderFrame(try await ProviderHealth(provider, runs: 5, request.api), .overview, texts)
        let found = try await overview
        let page = ProviderPage(
            frame: frame,
            figures: ShownFigures(found, provider, texts),
            tenant: ShownTenant(found, texts),
            schedule: try await SchedulePage(texts: texts).words(request),
            queued: found.queued.map { texts("provider.queued.\($0.trigger)") },
            settings: try await SettingsSummary(definition: ProviderForm.definition, texts: texts)
                .groups(of: answer.body, request.api),
            throttle: try await ThrottleUse.of(provider: request.value("id"), request.api).words(texts)
        )
        return frame.response(page, texts)
    }

    // MARK: Actions of operators

    private func back(_ request: PageRequest, done: String) -> PageResponse {
        .redirect(to: .provider(request.value("id")), done: done)
    }

    private func sync(_ request: PageRequest) async throws -> PageResponse {
        let schedule = try await SchedulePage(texts: texts).schedule(request)
        _ = try await request.api.send(.post, "/tasks/schedules/\(schedule.id)/send/").expected()
        return back(request, done: "sync_started")
    }

    /// Pauses or resumes the schedule and direct sync.
    private func setPaused(_ isPaused: Bool, _ request: PageRequest) async throws -> PageResponse {
        let schedule = try await SchedulePage(texts: texts).schedule(request)
        let path = "/tasks/schedules/\(schedule.id)/"
        _ = try await request.api.send(.patch, path, ["paused": .bool(isPaused)]).expected()
        return back(request, done: isPaused ? "paused" : "resumed")
    }

    private func plan(_ request: PageRequest) async throws -> PageResponse {
        let path = "/causeway/providers/\(request.value("id").urlPathPart)/plans/"
        let run = try await request.api.send(.post, path).expected(as: RunView.self)
        return .redirect(to: .run(run.pk))
    }

    private func check(_ request: PageRequest) async throws -> PageResponse {
        let path = "/causeway/providers/\(request.value("id").urlPathPart)/check/"
        let found = ConnectionFindings(try await request.api.send(.post, path).expected(as: CheckView.self), texts)
        let frame = try await ProviderFrame(request, .overview, texts)
        let page = ProviderCheckPage(frame: frame, findings: found.list, verdict: found.verdict)
        return frame.response(page, texts)
    }

    private func endQuarantine(_ request: PageRequest) async throws -> PageResponse {
        let id = request.value("id").urlPathPart
        let answer = await request.api.send(.delete, "/causeway/providers/\(id)/quarantine/")
        _ = try answer.expected()
        return back(request, done: "quarantine_ended")
    }
}

/// The template `provider`: the overview of a provider.
struct ProviderPage: PageModel {
    static let template = "provider"

    let frame: ProviderFrame
    let figures: ShownFigures
    let tenant: ShownTenant
    /// When full syncs are due, in words; nil while they are paused.
    let schedule: String?
    /// A sentence about a full sync that is queued.
    let queued: String?
    let settings: [ShownSettings]
    let throttle: String
}
