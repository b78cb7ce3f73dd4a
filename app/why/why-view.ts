import { createStore } from 'zustand/vanilla';

/** Which steps the why card shows: those that matter, or all that led there. */
export const whyView = createStore<{ readonly all: boolean }>(() => ({ all: false }));

export const toggleAllSteps = (): void => whyView.setState({ all: !whyView.getState().all });
