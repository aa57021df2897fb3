import CausewayAPI
import CausewayModel
import Foundation

/// The number of events in each of the viewer's days or hours, with the filter of the log. A bar leads to the events of its day.
struct EventChart: Sendable {
    let texts: Texts

    /// The volume, as the API returns it.
    private struct VolumeView: Decodable {
        let countedSince: String?
        let spans: [Span]

        struct Span: Decodable {
            let time: String
            let changes: Int
            let runs: Int
            let access: Int
            let problems: Int
        }
    }

    func drawing(_ filter: EventFilterForm, _ request: PageRequest) async throws -> BarDrawing {
        let viewer = request.viewer
        let isHourly = filter.isOneDay || ["hours=1", "days=1"].contains(filter["period"])
        let span = isHourly ? "hour" : "day"
        let query = [("span", span), ("time_zone", viewer.zone.identifier)] + filter.parameters(for: viewer)
        let volume = try await request.api.get("/causeway/events/volume/".adding(query), as: VolumeView.self)
        let chart = BarChart(
            parts: EventKind.Area.allCases.map { ($0.rawValue, texts("event.areas.\($0.rawValue)")) },
            bars: volume.spans.map { span in
                let time = ShownTime(span.time)?.date
                return BarChart.Bar(
                    label: time.map { isHourly ? viewer.exact($0) : viewer.day($0) } ?? span.time,
                    counts: [span.changes, span.runs, span.access, span.problems],
                    address: filter.isOneDay
                        ? nil : time.map { Address.events.query(filter.values(on: viewer.dayNumber($0))) }
                )
            }
        )
        var title = texts("event.chart.\(span)")
        if let since = ShownTime(volume.countedSince) {
            title += " " + texts("event.chart.since", ["time": viewer.exact(since.date)])
        }
        return chart.drawing(title: title, texts)
    }
}
