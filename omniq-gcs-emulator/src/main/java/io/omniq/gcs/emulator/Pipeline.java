/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.util.Optional;

/** The way of a request: token, route, fault, service, meter. The calls inside a batch take the same way. */
final class Pipeline {
    private final Router router;
    private final Service service;
    private final GcsFaults faults;
    private final CostMeter meter;
    private final Gate gate;
    private final String token;
    private final Batch batch = new Batch(this::inBatch);

    /** An empty token admits everybody. */
    Pipeline(Router router, Service service, GcsFaults faults, CostMeter meter, Gate gate, String token) {
        this.router = router;
        this.service = service;
        this.faults = faults;
        this.meter = meter;
        this.gate = gate;
        this.token = token;
    }

    Reply serve(WireRequest request) {
        try {
            requireToken(request);
        } catch (GcsError e) {
            Reply refusal = refused(GcsMethod.UNKNOWN, e);
            meter.answered(refusal.answer());
            return refusal;
        }
        return serve(router.route(request), request);
    }

    private Reply inBatch(WireRequest request) {
        Route route = router.route(request);
        boolean media = switch (route.method()) {
            case OBJECTS_INSERT, OBJECTS_DOWNLOAD, UPLOAD_START, UPLOAD_CHUNK, UPLOAD_CANCEL -> true;
            default -> false;
        };
        if (media) {
            throw GcsError.invalid("Uploads and downloads cannot be part of a batch.");
        }
        return route.method() == GcsMethod.BATCH ? Reply.whole(service.answer(route, request)) : serve(route, request);
    }

    private Reply serve(Route route, WireRequest request) {
        meter.called(route.method());
        GcsFault fault = faults.next(route.call(request.parameters()));
        Reply reply = fault == null ? apply(route, request) : apply(fault, route, request);
        meter.answered(reply.answer());
        return gate.isClosed() ? Reply.lost(reply.answer()) : reply;
    }

    private Reply apply(Route route, WireRequest request) {
        Reply reply;
        try {
            reply = route.method() == GcsMethod.BATCH
                    ? batch.serve(request)
                    : Reply.whole(service.answer(route, request));
        } catch (GcsError e) {
            reply = Reply.whole(ErrorBodies.answer(e));
        }
        meter.done(route.method(), reply.answer().status());
        return reply;
    }

    private void requireToken(WireRequest request) {
        Optional<String> sent = request.header("Authorization");
        if (token.isEmpty() || sent.equals(Optional.of("Bearer " + token))) {
            return;
        }
        throw sent.isEmpty() ? GcsError.noToken() : GcsError.wrongToken();
    }

    private Reply apply(GcsFault fault, Route route, WireRequest request) {
        switch (fault.kind()) {
            case ERROR_BEFORE -> {
                return refused(route.method(), GcsError.injected((int) fault.amount()));
            }
            case STALE_PAGE_TOKEN -> {
                return refused(route.method(), PageToken.stale());
            }
            case LOST_REQUEST -> {
                return Reply.lost(
                        refused(route.method(), GcsError.injected(503)).answer());
            }
            case SHORT_PAGE -> {
                return apply(route, request.with("maxResults", "1"));
            }
            case EMPTY_PAGE -> {
                meter.done(route.method(), 200);
                return Reply.whole(Listing.emptyPage(request));
            }
            case DELAY -> gate.pass(fault.amount());
            case HOLD -> gate.pass(fault.latch());
            default -> {
                // What is left spoils the answer.
            }
        }
        return spoiled(fault, apply(route, request));
    }

    private Reply refused(GcsMethod method, GcsError refusal) {
        meter.done(method, refusal.status());
        return Reply.whole(ErrorBodies.answer(refusal));
    }

    private Reply spoiled(GcsFault fault, Reply reply) {
        Answer answer = reply.answer();
        return switch (fault.kind()) {
            case ERROR_AFTER -> Reply.whole(ErrorBodies.answer(GcsError.injected((int) fault.amount())));
            case LOST_ANSWER -> Reply.lost(answer);
            case CUT -> Reply.cut(answer, fault.amount());
            case TRUNCATE -> new Reply(answer.truncated(fault.amount()), reply.sent());
            case DELAY_ANSWER -> {
                gate.pass(fault.amount());
                yield reply;
            }
            case HOLD_ANSWER -> {
                gate.pass(fault.latch());
                yield reply;
            }
            default -> reply;
        };
    }
}
