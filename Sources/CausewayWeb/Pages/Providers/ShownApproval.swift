import CausewayAPI

/// How far the approval of a run is applied, on the run's page.
struct ShownApproval: TemplateValue {
    /// Who approved.
    let by: String
    /// The run that applies it; nil before that has begun.
    let applier: PageLink?
    let words: String
    /// Whether it has not ended.
    let isOpen: Bool
    /// The run that applies it, while it is in progress.
    let running: ShownRun?

    /// - Parameter applying: the run that applies it.
    /// - Returns: nil if the approval became void: the run's message says why.
    init?(_ approval: RunView.Approval, _ applying: RunView?, _ viewer: Viewer) {
        let texts = viewer.texts
        isOpen = approval.ended == nil
        by = texts("approval.by", ["name": approval.approvedBy])
        applier = applying.map { run in
            let started = ShownTime(run.started).map { viewer.exact($0.date) } ?? ""
            return PageLink(title: texts("approval.run", ["started": started]), address: .run(run.pk))
        }
        running = isOpen ? applying.map { ShownRun($0, texts) } : nil
        switch applying {
        case nil where isOpen: words = texts("approval.starts")
        case .some where isOpen: words = texts("approval.applies")
        case .some(let run) where ["succeeded", "warning"].contains(run.status) && run.done > 0:
            let failed = run.failed > 0 ? " \(texts("approval.failed", count: run.failed))" : ""
            words = texts("approval.applied", count: run.done) + failed
        default: return nil
        }
    }
}
