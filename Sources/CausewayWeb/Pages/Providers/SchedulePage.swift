import CausewayAPI
import CausewayJSON
import CausewayModel
import Foundation
import HTTPTypes

/// The schedule of a provider's full syncs.
struct SchedulePage: Sendable {
    let texts: Texts

    static let form = FormDefinition(
        key: "schedule",
        groups: [
            FormGroup(
                key: "",
                fields: [FormField(name: "crontab", kind: .text), FormField(name: "paused", kind: .flag)]
            )
        ]
    )

    var routes: [PageRoute] {
        let address = Address.provider("{id}", .schedule)
        return [
            PageRoute(.get, address) { try await edit($0) }.keepingForm,
            PageRoute(.post, address) { try await update($0) },
        ]
    }

    func schedule(_ request: PageRequest) async throws -> ScheduleView {
        try AnswerDecoder.decode(from: try await found(request))
    }

    /// The words for the schedule; nil if it is paused, or if there is none.
    func words(_ request: PageRequest) async throws -> String? {
        guard let found = try await schedules(request).first else { return nil }
        let schedule: ScheduleView = try AnswerDecoder.decode(from: found)
        guard !schedule.paused else { return nil }
        return ScheduleWords(texts: texts).words(schedule.crontab) ?? schedule.crontab
    }

    /// The schedule as a form sends it.
    private func found(_ request: PageRequest) async throws -> JSONValue {
        guard let schedule = try await schedules(request).first else { throw PageError.notFound }
        return schedule
    }

    private func schedules(_ request: PageRequest) async throws -> [JSONValue] {
        let query = "rel_obj_id=\(request.value("id").urlPathPart)&page_size=1"
        return try await request.api.rows("/tasks/schedules/?\(query)", as: JSONValue.self)
    }

    private func edit(_ request: PageRequest) async throws -> PageResponse {
        let schedule = try await found(request)
        if let kept = request.kept {
            return try await show(schedule, FormState(sent: kept.form, Self.form), note: texts("forms.kept"), request)
        }
        let answer = await request.api.send(.get, path(schedule))
        return try await show(schedule, try await FormState(editing: answer, Self.form, request.api), request)
    }

    private func path(_ schedule: JSONValue) -> String { "/tasks/schedules/\(schedule["id"]?.plainText ?? "")/" }

    private func show(
        _ schedule: JSONValue,
        _ state: FormState,
        note: String? = nil,
        _ request: PageRequest
    ) async throws -> PageResponse {
        let view = try AnswerDecoder.decode(ScheduleView.self, from: schedule)
        let frame = try await ProviderFrame(request, .schedule, texts)
        let page = ProviderSchedulePage(
            frame: frame,
            form: try await FormView(definition: Self.form, texts: texts, address: request.address, own: path(schedule))
                .model(state, isNew: false, request.api),
            note: note,
            words: ScheduleWords(texts: texts).words(view.crontab),
            next: view.nextTimes,
            action: request.address
        )
        return frame.response(page, texts, status: state.hasProblems ? 422 : state.conflict == nil ? 200 : 409)
    }

    private func update(_ request: PageRequest) async throws -> PageResponse {
        let schedule = try await found(request)
        var state = FormState(sent: request.form, Self.form)
        if state.isShownAgain { return try await show(schedule, state, request) }
        let body = try await FormReading(definition: Self.form, texts: texts).body(&state, request.api)
        switch try await state.save(.object(body), at: path(schedule), Self.form, request.api) {
        case .saved: return .redirect(request.address, done: "updated")
        case .met(let both): return try await show(schedule, both, request)
        case .refused(let answer): try state.note(answer, Self.form)
        }
        return try await show(schedule, state, request)
    }
}

/// The schedule of a provider's full syncs, as the API returns it.
struct ScheduleView: Decodable, Sendable {
    let id: String
    /// The provider's key.
    let relObjId: String
    let description: Message
    let crontab: String
    let paused: Bool
    let nextRun: String

    /// The times of the next full syncs: the expression is in UTC, and the page shows what it means in the viewer's time zone.
    var nextTimes: [ShownTime] {
        guard !paused, let first = ShownTime(nextRun) else { return [] }
        var times = [first]
        while times.count < 5, let cron = try? CronExpression(crontab), let last = times.last?.date,
            let next = cron.next(after: Timestamp(milliseconds: Int64(last.timeIntervalSince1970 * 1000)))
        {
            times.append(ShownTime(date: Date(timeIntervalSince1970: Double(next.milliseconds) / 1000)))
        }
        return times
    }
}

/// The template `provider-schedule`.
struct ProviderSchedulePage: PageModel {
    static let template = "provider-schedule"

    let frame: ProviderFrame
    let form: FormModel
    let note: String?
    /// The expression in words; nil if it is none of the common ones.
    let words: String?
    /// The times of the next full syncs; none if the schedule is paused.
    let next: [ShownTime]
    let action: String
}
